import { GENERATION_ANNOTATION, kinds } from '../kube/index.ts';
import type { KubeClient } from '../kube/index.ts';
import type { NovaTenant } from './types.ts';

/** Keeps a NovaTenant until everything that was made out of it is gone (D6). */
export const FINALIZER = 'kubenova.io/tenant';

/** Writes the NovaTenant that the Manager wants, with the finalizer first of all. */
export function applyTenant(
  kube: KubeClient,
  wanted: NovaTenant,
  generation: number,
): Promise<NovaTenant> {
  return kube.apply<NovaTenant>(
    {
      ...wanted,
      metadata: {
        ...wanted.metadata,
        finalizers: [FINALIZER],
        annotations: {
          ...wanted.metadata.annotations,
          [GENERATION_ANNOTATION]: `${generation}`,
        },
      },
    },
    { force: true },
  );
}

/** Holds a NovaTenant that somebody else made, too. */
export async function ensureFinalizer(
  kube: KubeClient,
  tenant: NovaTenant,
): Promise<NovaTenant> {
  const { finalizers = [], deletionTimestamp } = tenant.metadata;
  if (finalizers.includes(FINALIZER) || deletionTimestamp) {
    return tenant;
  }
  return kube.replace<NovaTenant>({
    ...tenant,
    metadata: { ...tenant.metadata, finalizers: [...finalizers, FINALIZER] },
  });
}

/** Lets a NovaTenant go: its deletion then ends, or never began. */
export async function removeFinalizer(
  kube: KubeClient,
  tenant: NovaTenant,
): Promise<void> {
  const { finalizers = [], ...metadata } = tenant.metadata;
  if (!finalizers.includes(FINALIZER)) {
    return;
  }
  await kube.replace({
    ...tenant,
    metadata: {
      ...metadata,
      finalizers: finalizers.filter(finalizer => finalizer !== FINALIZER),
    },
  });
}

export function getTenant(
  kube: KubeClient,
  name: string,
): Promise<NovaTenant | undefined> {
  return kube.get<NovaTenant>(kinds.NOVA_TENANT, { name });
}
