import { once } from 'node:events';
import { parseArgs } from 'node:util';
import {
  addDatacenters,
  addSample,
  startPortalOnly,
  type RunningKubeNova,
} from '../environment/startKubeNova.ts';
import { openInstance } from '../instance/index.ts';
import { formatDuration, terminal } from '../terminal/steps.ts';
import type { CommandContext } from './types.ts';

/** Runs until it is told to end. The code is 1 if the portal ended by itself or the datacenters did not come up. */
export async function start(context: CommandContext): Promise<number> {
  const { values } = parseArgs({
    args: context.args,
    options: { 'no-datacenters': { type: 'boolean', default: false } },
  });
  const { root, env } = context;
  const instance = await openInstance({ root, name: 'default', env });
  const stopping = new AbortController();
  const signal = AbortSignal.any([context.signal, stopping.signal]);
  const options = {
    instance,
    terminal,
    signal,
    started: performance.now(),
  };
  const kubenova = await startPortalOnly(options);
  const { platform } = kubenova;
  terminal.say(`The portal is up: ${platform.url}`);

  let code = 0;
  const portalEnded = platform.portal.process.exited.then(() => {
    if (!signal.aborted) {
      terminal.say(
        `The portal ended by itself; see ${platform.portal.logFile}`,
      );
      code = 1;
      stopping.abort();
    }
  });
  const isComplete = values['no-datacenters']
    ? Promise.resolve(true)
    : complete(kubenova, options);
  if (!(await isComplete)) {
    code = 1;
  }
  if (!signal.aborted) {
    terminal.say('Ctrl-C ends it.');
    await once(signal, 'abort');
  }
  await kubenova.stop();
  await portalEnded;
  return code;
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
