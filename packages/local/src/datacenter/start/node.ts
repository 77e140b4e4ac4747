import { CoreV1Api } from '@kubernetes/client-node';
import type { Pki } from '../../controlplane/pki.ts';
import { dnsObjects } from '../baseObjects/dns.ts';
import { componentRights } from '../baseObjects/rights.ts';
import { storageClass } from '../baseObjects/storage.ts';
import { controllers } from '../components/controllers.ts';
import { kubelet, kubeProxy, prepareKubelet } from '../components/node.ts';
import { applyObjects, loadKubeconfig } from '../kubeClient.ts';
import { NODE_NAME } from '../layout.ts';
import type { ImageArchive } from '../types.ts';
import { waitUntil } from '../waitUntil.ts';
import { report, type StartContext } from './context.ts';

/** Starts the node and what a cluster needs beside it; resolves when the node is ready and pods can be made. */
export async function startNode(
  context: StartContext,
  pki: Pki,
): Promise<void> {
  const { datacenter, layout, table, toolchain, signal } = context;
  const { binDir } = toolchain;
  const startedAt = new Date();
  await prepareKubelet(layout, pki);
  table.start(kubelet({ binDir, layout }));
  table.start(kubeProxy({ binDir, layout }));

  report(context, 'services', 'Applying storage class, DNS and rights');
  const kubeConfig = loadKubeconfig(datacenter.kubeconfig);
  await applyObjects(kubeConfig, [
    ...componentRights,
    storageClass,
    ...dnsObjects(dnsImage(context.images)),
  ]);
  // Last, as from then on it starts again what has ended, which until then is a failed start.
  table.start(controllers(datacenter, layout));

  report(context, 'node', 'Waiting for the node to be ready');
  const api = kubeConfig.makeApiClient(CoreV1Api);
  await waitUntil(
    async () => {
      await table.assertRunning();
      return (await isNodeReady(api, startedAt)) && (await canTakePods(api));
    },
    { signal },
  );
}

function dnsImage(images: ImageArchive[]): string {
  const image = images.find(({ reference }) => /\/coredns:/.test(reference));
  if (!image) throw new Error('There is no CoreDNS among the images.');
  return image.reference;
}

/** A resumed node shows its last state from before until its kubelet has reported anew. */
async function isNodeReady(api: CoreV1Api, since: Date): Promise<boolean> {
  const { items } = await api.listNode();
  const node = items.find(({ metadata }) => metadata?.name === NODE_NAME);
  const ready = node?.status?.conditions?.find(({ type }) => type === 'Ready');
  const reported = ready?.lastHeartbeatTime?.getTime() ?? 0;
  // Times of conditions are whole seconds.
  return ready?.status === 'True' && reported >= since.getTime() - 1_000;
}

/** Pods are refused until their namespace's ServiceAccount has been made. */
async function canTakePods(api: CoreV1Api): Promise<boolean> {
  const { items } = await api.listNamespacedServiceAccount({
    namespace: 'default',
  });
  return items.some(({ metadata }) => metadata?.name === 'default');
}
