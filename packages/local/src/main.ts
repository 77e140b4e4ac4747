import path from 'node:path';
import { COMMANDS } from './commands/commands.ts';
import { CommandError } from './commands/types.ts';
import { terminal } from './terminal/steps.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

async function main(): Promise<number> {
  const [name = 'help', ...args] = process.argv.slice(2);
  const wanted = ['-h', '--help'].includes(name) ? 'help' : name;
  const command = COMMANDS.find(candidate => candidate.name === wanted);
  if (!command) {
    terminal.say(
      `There is no command "${name}"; ./kubenova help lists what there is.`,
    );
    return 64;
  }

  const stopping = new AbortController();
  for (const signal of SIGNALS) {
    // A second Ctrl-C changes nothing: ending in order is the fastest way that leaves nothing behind.
    process.on(signal, () => stopping.abort(signal));
  }
  const run = await command.load();
  try {
    return await run({
      root: path.resolve(import.meta.dirname, '../../..'),
      args,
      env: process.env,
      signal: stopping.signal,
    });
  } catch (error) {
    if (stopping.signal.aborted) {
      return 130;
    }
    terminal.say(
      error instanceof CommandError || !(error instanceof Error)
        ? String(error instanceof Error ? error.message : error)
        : error.stack ?? error.message,
    );
    return 1;
  }
}

process.exitCode = await main();
