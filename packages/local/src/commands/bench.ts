import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { forget } from '../environment/forget.ts';
import {
  addDatacenters,
  addSample,
  startPortalOnly,
  type Milestones,
} from '../environment/startKubeNova.ts';
import { runCommand } from '../processes/runCommand.ts';
import { withInstance, type Instance } from '../instance/index.ts';
import { terminal } from '../terminal/steps.ts';
import { CommandError, type CommandContext } from './types.ts';

const USAGE = 'bench start [--cold] | bench link [--operators N]';

/** What each milestone should take on two cores with warm caches, in seconds. */
const AIMS: Record<keyof Milestones, number> = {
  portalUsable: 30,
  datacentersConnected: 90,
  applicationAnswering: 150,
};

/**
 * cold: nothing built, nothing cached. new: everything built, no state. resumed: the same once more, with its state.
 */
type Run = { name: 'cold' | 'new' | 'resumed'; seconds: Partial<Milestones> };

export function bench(context: CommandContext): Promise<number> {
  const [what, ...args] = context.args;
  switch (what) {
    case 'start':
      return benchStart({ ...context, args });
    case 'link':
      return benchLink({ ...context, args });
    default:
      throw new CommandError(`Say what to measure: ./kubenova ${USAGE}`);
  }
}

/** The link: its program and what it measures are in e2e/bench/link. */
async function benchLink(context: CommandContext): Promise<number> {
  const { root, env, signal, args } = context;
  const program = path.join(root, 'e2e/bench/link/main.ts');
  const { code } = await runCommand(
    process.execPath,
    ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', program, ...args],
    {
      ...{ cwd: root, env, signal },
      onOutput: text => process.stdout.write(text),
    },
  );
  return code ?? 1;
}

/** How long a start takes until something can be done with it; written to e2e/bench/start.json. */
async function benchStart(context: CommandContext): Promise<number> {
  const { values } = parseArgs({
    args: context.args,
    options: { cold: { type: 'boolean', default: false } },
  });
  const runs: Run[] = [];
  if (values.cold) {
    runs.push(await measureCold(context));
  }
  await withBenchInstance(context, async instance => {
    runs.push(await measure('new', instance, context));
    runs.push(await measure('resumed', instance, context));
  });
  report(context.root, runs);
  return 0;
}

/** Nothing is there before, and nothing afterwards. */
function withBenchInstance<T>(
  context: CommandContext,
  run: (instance: Instance) => Promise<T>,
): Promise<T> {
  return withInstance(
    { ...context, name: 'bench', terminal },
    async instance => {
      await forget(instance);
      try {
        return await run(instance);
      } finally {
        await forget(instance);
      }
    },
  );
}

async function measureCold(context: CommandContext): Promise<Run> {
  const cache = path.join(context.root, '.cache/bench');
  const env = { ...context.env, KUBENOVA_CACHE: cache };
  rmSync(cache, { recursive: true, force: true });
  rmSync(path.join(context.root, '.cache/portal'), {
    recursive: true,
    force: true,
  });
  try {
    return await withBenchInstance({ ...context, env }, instance =>
      measure('cold', instance, context),
    );
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

async function measure(
  name: Run['name'],
  instance: Instance,
  context: CommandContext,
): Promise<Run> {
  const { signal } = context;
  terminal.say(`Measuring a start: ${name}`);
  const started = performance.now();
  const options = { instance, terminal, signal, started };
  const kubenova = await startPortalOnly(options);
  try {
    const running = await addDatacenters(kubenova, options);
    if (running) {
      await addSample(kubenova, running, options);
    }
  } finally {
    await kubenova.stop();
  }
  const seconds = Object.fromEntries(
    Object.entries(kubenova.milestones).map(([key, milliseconds]) => [
      key,
      Math.round(milliseconds / 100) / 10,
    ]),
  );
  return { name, seconds };
}

function report(root: string, runs: Run[]): void {
  const file = path.join(root, 'e2e/bench/start.json');
  mkdirSync(path.dirname(file), { recursive: true });
  const machine = {
    cores: os.availableParallelism(),
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()}`,
  };
  const result = { measuredAt: new Date(), machine, aims: AIMS, runs };
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  for (const { name, seconds } of runs) {
    const times = Object.entries(seconds).map(
      ([milestone, time]) =>
        `${milestone} ${time} s (aim ${AIMS[milestone as keyof Milestones]} s)`,
    );
    terminal.say(`${name}: ${times.join(', ')}`);
  }
}
