/**
 * What must be in the cluster before anything is applied: the CRDs, then the admission policies. The policy on Applications has to be in
 * place before KubeVela is, and stays until the last Application is gone (T1).
 */
import { sleep } from '../link/clock.ts';
import type { Clock } from '../link/clock.ts';
import { kinds, messageOf } from '../kube/index.ts';
import type { KubeClient, KubeObject, Logger } from '../kube/index.ts';
import { readObjects } from './assets.ts';

const RETRY_MS = 2_000;
const ESTABLISHED_POLL_MS = 200;
const MANAGED_BY = 'app.kubernetes.io/managed-by';

export type PrepareOptions = {
  kube: KubeClient;
  crdsDir: string;
  policiesDir: string;
  clock: Clock;
  log: Logger;
};

/** Applies CRDs and policies; tries again until it has, or the signal fires. */
export async function prepare(
  options: PrepareOptions,
  signal: AbortSignal,
): Promise<void> {
  const crds = await readObjects(options.crdsDir);
  const policies = await readObjects(options.policiesDir);
  while (!signal.aborted) {
    try {
      await applyCrds(options, crds, signal);
      for (const policy of policies) {
        await options.kube.apply(policy, { force: true });
      }
      return;
    } catch (error) {
      options.log.warn('CRDs and policies are not in place yet', {
        error: messageOf(error),
      });
      await sleep(options.clock, RETRY_MS, signal);
    }
  }
}

async function applyCrds(
  options: PrepareOptions,
  crds: KubeObject[],
  signal: AbortSignal,
): Promise<void> {
  for (const crd of crds) {
    const { name } = crd.metadata;
    const found = await options.kube.get(kinds.CUSTOM_RESOURCE_DEFINITION, {
      name,
    });
    if (found && !isOurs(found)) {
      options.log.info('a CRD of that name is not ours and stays as it is', {
        name,
      });
    } else {
      await options.kube.apply(crd, { force: true });
    }
  }
  for (const crd of crds) {
    await established(options, crd.metadata.name, signal);
  }
}

/** Ours by group, or by our label where the group belongs to others (projects.core.oam.dev). */
function isOurs(crd: KubeObject): boolean {
  return (
    crd.metadata.name.endsWith('.kubenova.io') ||
    crd.metadata.labels?.[MANAGED_BY] === 'kubenova'
  );
}

async function established(
  options: PrepareOptions,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const crd = await options.kube.get(kinds.CUSTOM_RESOURCE_DEFINITION, {
      name,
    });
    const conditions = (crd?.status?.conditions ?? []) as Array<{
      type: string;
      status: string;
    }>;
    if (
      conditions.some(
        ({ type, status }) => type === 'Established' && status === 'True',
      )
    ) {
      return;
    }
    await sleep(options.clock, ESTABLISHED_POLL_MS, signal);
  }
}
