import { SUITES } from '../suites/suites.ts';
import { sum, type Counts, type Suite } from '../suites/types.ts';
import { formatDuration, terminal } from '../terminal/steps.ts';
import { CommandError, type CommandContext } from './types.ts';

/** `test [SUITE…] [-- FILTER…]`; the last line of all is `N passed, N failed`. */
export async function test(context: CommandContext): Promise<number> {
  const { names, filters } = parse(context.args);
  const suites = select(names);
  const counts: Counts[] = [];
  for (const suite of suites) {
    if (context.signal.aborted) {
      return 130;
    }
    counts.push(await runSuite(suite, filters, context));
  }
  const total = sum(counts);
  process.stdout.write(`${inWords(total)}\n`);
  return total.failed === 0 ? 0 : 1;
}

async function runSuite(
  suite: Suite,
  filters: string[],
  context: CommandContext,
): Promise<Counts> {
  const { root, env, signal } = context;
  const started = performance.now();
  terminal.say(`Suite ${suite.name}: ${suite.summary}`);
  let counts: Counts;
  try {
    counts = await suite.run({ root, env, signal, terminal, filters });
    if (counts.passed + counts.failed === 0) {
      terminal.say(`The suite ${suite.name} has run nothing`);
      counts = { passed: 0, failed: 1 };
    }
  } catch (error) {
    terminal.say(error instanceof Error ? error.stack ?? '' : String(error));
    counts = { passed: 0, failed: 1 };
  }
  const took = formatDuration(performance.now() - started);
  terminal.say(`Suite ${suite.name}: ${inWords(counts)} (${took})`);
  return counts;
}

function parse(args: string[]): { names: string[]; filters: string[] } {
  const separator = args.indexOf('--');
  return separator < 0
    ? { names: args, filters: [] }
    : { names: args.slice(0, separator), filters: args.slice(separator + 1) };
}

function select(names: string[]): Suite[] {
  const unknown = names.find(name => !SUITES.some(each => each.name === name));
  if (unknown !== undefined) {
    const known = SUITES.map(suite => suite.name).join(', ');
    throw new CommandError(`There is no suite "${unknown}", only ${known}`);
  }
  return SUITES.filter(suite =>
    names.length === 0 ? suite.isDefault : names.includes(suite.name),
  );
}

function inWords(counts: Counts): string {
  return `${counts.passed} passed, ${counts.failed} failed`;
}
