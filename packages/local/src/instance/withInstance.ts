import path from 'node:path';
import { withLock } from '../processes/withLock.ts';
import type { Terminal } from '../terminal/steps.ts';
import { openInstance } from './openInstance.ts';
import type { Instance } from './types.ts';

/**
 * Opens an instance and runs something that starts its processes, while nobody else does. Whoever comes second waits until the first has
 * ended all of them: it would take them for leftovers of a crash, and the first would remove the network that the second has just made.
 */
export async function withInstance<T>(
  options: {
    root: string;
    name: string;
    env: NodeJS.ProcessEnv;
    signal: AbortSignal;
    terminal: Pick<Terminal, 'say'>;
  },
  run: (instance: Instance) => Promise<T>,
): Promise<T> {
  const { root, name, signal, terminal } = options;
  const instance = await openInstance(options);
  const file = path.join(instance.stateDir, 'running.sqlite');
  const onWait = () =>
    terminal.say(
      `Another ./kubenova runs the instance ${name} of ${root}: waiting until it has ended (Ctrl-C gives up) …`,
    );
  return withLock({ file, signal, onWait }, () => run(instance));
}
