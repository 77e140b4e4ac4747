import {
  type KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  makeInformer,
} from '@kubernetes/client-node';

const RETRY_MS = 1_000;

/**
 * Calls `onChange` with all objects at a path of the API, after every change of one of them and one call at a time;
 * a call that fails is made again a second later. Ends with the signal.
 */
export function watchAll<T extends KubernetesObject>(options: {
  kubeConfig: KubeConfig;
  /** E.g. `/api/v1/services`. */
  path: string;
  list: () => Promise<KubernetesListObject<T>>;
  onChange: (objects: T[]) => Promise<void>;
  signal: AbortSignal;
  log: (message: string) => void;
}): void {
  const { kubeConfig, path, list, onChange, signal, log } = options;
  const informer = makeInformer(kubeConfig, path, list);
  let running = false;
  let changed = false;

  const later = (work: () => void) => {
    const timer = setTimeout(work, RETRY_MS);
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  };
  const run = async () => {
    changed = true;
    if (running) return;
    running = true;
    try {
      while (changed && !signal.aborted) {
        changed = false;
        await onChange([...informer.list()]);
      }
    } catch (error) {
      log(`${path}: ${String(error)}`);
      later(() => void run());
    } finally {
      running = false;
    }
  };
  const start = () => {
    informer.start().catch(error => {
      log(`${path}: ${String(error)}`);
      later(start);
    });
  };

  for (const event of ['add', 'update', 'delete'] as const)
    informer.on(event, () => void run());
  // With nothing to watch there is no other event, and what was left from before has to be cleared all the same.
  informer.on('connect', () => void run());
  informer.on('error', error => {
    log(`${path}: ${String(error)}`);
    later(start);
  });
  signal.addEventListener('abort', () => void informer.stop(), { once: true });
  start();
}
