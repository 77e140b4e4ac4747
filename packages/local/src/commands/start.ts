import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { ensureHaproxy } from '../balancer/index.ts';
import {
  addDatacenters,
  addSample,
  startPortalOnly,
  type RunningKubeNova,
} from '../environment/startKubeNova.ts';
import { withInstance, type Instance } from '../instance/index.ts';
import { MAX_REPLICAS, type Replicas } from '../portal/index.ts';
import { formatDuration, terminal } from '../terminal/steps.ts';
import { CommandError, type CommandContext } from './types.ts';

/** Runs until it is told to end. The code is 1 if the portal ended by itself or the datacenters did not come up. */
export async function start(context: CommandContext): Promise<number> {
  const { withDatacenters, count } = parse(context.args);
  const replicas = count > 1 ? await replicasOf(count, context) : undefined;
  return withInstance({ ...context, name: 'default', terminal }, instance =>
    run(context, { instance, withDatacenters, replicas }),
  );
}

async function run(
  context: CommandContext,
  wanted: {
    instance: Instance;
    withDatacenters: boolean;
    replicas: Replicas | undefined;
  },
): Promise<number> {
  const { instance, withDatacenters, replicas } = wanted;
  const stopping = new AbortController();
  const signal = AbortSignal.any([context.signal, stopping.signal]);
  const options = {
    instance,
    terminal,
    signal,
    started: performance.now(),
    replicas,
  };
  const kubenova = await startPortalOnly(options);
  const { platform } = kubenova;
  terminal.say(`The portal is up: ${platform.url}`);

  let code = 0;
  void platform.portal.failed.then(reason => {
    terminal.say(reason);
    code = 1;
    stopping.abort();
  });
  const isComplete = withDatacenters
    ? complete(kubenova, options)
    : Promise.resolve(true);
  if (!(await isComplete)) {
    code = 1;
  }
  if (!signal.aborted) {
    terminal.say('Ctrl-C ends it.');
    await once(signal, 'abort');
  }
  await kubenova.stop();
  return code;
}

function parse(args: string[]): { withDatacenters: boolean; count: number } {
  const { values } = parseArgs({
    args,
    options: {
      'no-datacenters': { type: 'boolean', default: false },
      replicas: { type: 'string', default: '1' },
    },
  });
  const count = Number(values.replicas);
  if (!Number.isInteger(count) || count < 1 || count > MAX_REPLICAS) {
    throw new CommandError(
      `--replicas takes a number from 1 to ${MAX_REPLICAS}, not "${values.replicas}".`,
    );
  }
  return { withDatacenters: !values['no-datacenters'], count };
}

async function replicasOf(
  count: number,
  { env, signal }: CommandContext,
): Promise<Replicas> {
  const haproxy = await ensureHaproxy({ env, signal });
  if (haproxy.outcome === 'missing') {
    throw new CommandError(`${haproxy.how} Or start without --replicas.`);
  }
  return { count, haproxy: haproxy.command };
}

async function complete(
  kubenova: RunningKubeNova,
  options: Parameters<typeof addDatacenters>[1],
): Promise<boolean> {
  try {
    const running = await addDatacenters(kubenova, options);
    if (running) {
      await addSample(kubenova, running, options);
      const took = formatDuration(performance.now() - options.started);
      terminal.say(`Everything is up after ${took}: ${kubenova.platform.url}`);
    }
    return true;
  } catch (error) {
    if (!options.signal.aborted) {
      terminal.say(error instanceof Error ? error.message : String(error));
      terminal.say('The portal stays up without what is missing.');
    }
    return options.signal.aborted;
  }
}
