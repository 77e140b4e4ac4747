import { spawn } from 'node:child_process';
import { withPostgres } from '../postgres/index.ts';
import { jestPostgresEnv } from '../suites/jestPostgresEnv.ts';
import { CommandError, type CommandContext } from './types.ts';

export async function withPostgresCommand(
  context: CommandContext,
): Promise<number> {
  const [command, ...args] = context.args;
  if (command === undefined) {
    throw new CommandError('Say which command to run: with-postgres COMMAND…');
  }
  return withPostgres(
    postgres =>
      new Promise((resolve, reject) => {
        const child = spawn(command, args, {
          env: {
            ...context.env,
            ...jestPostgresEnv(postgres.connectionString),
          },
          stdio: 'inherit',
        });
        context.signal.addEventListener('abort', () => child.kill('SIGTERM'));
        child.once('error', reject);
        child.once('exit', code => resolve(code ?? 1));
      }),
  );
}
