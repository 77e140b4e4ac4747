import { spawn } from 'node:child_process';
import path from 'node:path';
import {
  ensureMachineNetwork,
  removeMachineNetwork,
  withInstance,
  type Instance,
} from '../instance/index.ts';
import { writeLocalConfiguration } from '../portal/index.ts';
import { startPostgres } from '../postgres/index.ts';
import { freePort } from '../processes/freePort.ts';
import { terminal } from '../terminal/steps.ts';
import type { CommandContext } from './types.ts';

/** The portal with hot reload, on the data of `start`: pages by a development server, the backend from its sources. */
export function dev(context: CommandContext): Promise<number> {
  return withInstance({ ...context, name: 'default', terminal }, instance =>
    run(context, instance),
  );
}

async function run(
  { root, env, signal }: CommandContext,
  instance: Instance,
): Promise<number> {
  const { linkAddress } = await ensureMachineNetwork(instance);
  const postgres = await terminal.step('Starting Postgres', () =>
    startPostgres({
      dir: path.join(instance.stateDir, 'postgres'),
      port: instance.ports.postgres,
    }),
  );
  try {
    const appPort = await freePort();
    const configFiles = writeLocalConfiguration({
      instance,
      postgres,
      linkAddress,
      appPort,
    });
    terminal.say(`The portal will be at http://localhost:${appPort}`);
    return await runBackstage({ root, env, signal, configFiles });
  } finally {
    await postgres.stop();
    await removeMachineNetwork(instance);
  }
}

function runBackstage(options: {
  root: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  configFiles: string[];
}): Promise<number> {
  const { root, env, signal, configFiles } = options;
  const release = path.join(root, '.yarn/releases/yarn-4.18.1.cjs');
  const args = configFiles.flatMap(file => ['--config', file]);
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [release, 'backstage-cli', 'repo', 'start', ...args],
      // A group of its own, so that one signal reaches everything that the tool started.
      {
        cwd: root,
        env,
        detached: true,
        stdio: ['ignore', 'inherit', 'inherit'],
      },
    );
    const { pid } = child;
    signal.addEventListener('abort', () => {
      if (pid !== undefined && child.exitCode === null) {
        process.kill(-pid, 'SIGTERM');
      }
    });
    child.once('error', reject);
    child.once('exit', code => resolve(signal.aborted ? 0 : code ?? 1));
  });
}
