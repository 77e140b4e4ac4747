import { COMMANDS } from './commands.ts';
import type { CommandContext } from './types.ts';

export async function help(context: CommandContext): Promise<number> {
  const width = Math.max(...COMMANDS.map(command => command.usage.length));
  const lines = COMMANDS.map(
    command =>
      `  ./kubenova ${command.usage.padEnd(width)}  ${command.summary}`,
  );
  process.stdout.write(
    `KubeNova: one portal over many Kubernetes datacenters.\n\n${lines.join(
      '\n',
    )}\n\nThis checkout is ${context.root}.\n`,
  );
  return 0;
}
