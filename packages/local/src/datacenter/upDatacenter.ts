import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CoreV1Api } from '@kubernetes/client-node';
import type { Pki } from '../controlplane/pki.ts';
import { waitForApiServer } from '../controlplane/waitForApiServer.ts';
import type { Instance } from '../instance/index.ts';
import type { OnProgress } from '../progress.ts';
import { dnsObjects } from './baseObjects/dns.ts';
import { componentRights } from './baseObjects/rights.ts';
import { storageClass } from './baseObjects/storage.ts';
import { createCgroup } from './cgroups.ts';
import {
  containerd,
  containerdFolders,
  prepareContainerd,
} from './components/containerd.ts';
import {
  apiServer,
  controllerManager,
  etcd,
  scheduler,
} from './components/controlPlane.ts';
import { controllers } from './components/controllers.ts';
import { kubelet, kubeProxy, prepareKubelet } from './components/node.ts';
import { prepareIdentities } from './components/pki.ts';
import { endRuntime } from './endRuntime.ts';
import { importImages, isContainerdReady, missingImages } from './images.ts';
import { provideRoot } from './imageStore.ts';
import { applyObjects, loadKubeconfig } from './kubeClient.ts';
import { API_PORT, type Layout, layoutOf, NODE_NAME } from './layout.ts';
import { withDatacenterLock, withRegistryLock } from './lock.ts';
import { mountHome } from './mounts.ts';
import { createNetwork } from './network.ts';
import { ProcessTable } from './processTable.ts';
import { registerDatacenter } from './registry.ts';
import { replaceAuthority, restoreSnapshot } from './snapshots.ts';
import type { Datacenter, DatacenterTools, ImageArchive } from './types.ts';
import { waitUntil } from './waitUntil.ts';

/*
 * Starts a datacenter, or resumes it. Its processes are not ours: they go on when we end.
 *
 * 1. Whatever is left of an earlier run is ended first, unless all of it runs, and with the same tools: then there is
 *    only to look for images that were assembled anew.
 * 2. A start that fails or is aborted ends what it started; state stays.
 */

const READY_TIMEOUT_MS = 180_000;
const COMPONENTS = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'containerd',
  'kubelet',
  'kube-proxy',
  'controllers',
];
const STEPS = ['network', 'images', 'control plane', 'services', 'node'];

export type UpDatacenterOptions = {
  instance: Instance;
  name: string;
  toolchain: DatacenterTools;
  images: ImageArchive[];
  /** Whether a new datacenter starts from the snapshot of `snapshotKey` if there is one. Default: `none`. */
  snapshot?: 'use' | 'none';
  /** Default: the toolchain's key. */
  snapshotKey?: string;
  signal: AbortSignal;
  onProgress?: OnProgress;
};

type Context = UpDatacenterOptions & {
  datacenter: Datacenter;
  layout: Layout;
  table: ProcessTable;
};

function report(context: Context, step: string, message: string): void {
  context.onProgress?.({
    step,
    index: STEPS.indexOf(step) + 1,
    total: STEPS.length,
    message,
  });
}

/** Whether every component of the datacenter runs. */
export function isUp(datacenter: Datacenter): boolean {
  const running = new ProcessTable(datacenter).running();
  return COMPONENTS.every(name => running.includes(name));
}

/** Where the tools are with which the datacenter was started; undefined when it is down. */
export function binDirOf(datacenter: Datacenter): string | undefined {
  const command = new ProcessTable(datacenter).commandOf('kubelet');
  return command && dirname(command);
}

/**
 * Resolves when the node is Ready and StorageClass, load balancers and CoreDNS are in place (CoreDNS answers some seconds
 * later).
 *
 * @throws InvalidDatacenterName
 * @throws Error with the end of a component's log when it does not come up
 */
export async function upDatacenter(
  options: UpDatacenterOptions,
): Promise<Datacenter> {
  const { instance, name, toolchain, signal } = options;
  const datacenter = await withRegistryLock({ instance, signal }, () =>
    registerDatacenter(instance, name),
  );
  const context: Context = {
    ...options,
    datacenter,
    layout: layoutOf(instance, datacenter),
    table: new ProcessTable(datacenter),
    signal: AbortSignal.any([signal, AbortSignal.timeout(READY_TIMEOUT_MS)]),
  };
  await withDatacenterLock({ instance, name, signal }, async () => {
    if (isUp(datacenter) && binDirOf(datacenter) === toolchain.binDir) {
      await importNewImages(context);
      return;
    }
    await endRuntime(instance, datacenter);
    try {
      await start(context);
    } catch (error) {
      await endRuntime(instance, datacenter);
      throw error;
    }
  });
  return datacenter;
}

async function start(context: Context): Promise<void> {
  const { datacenter, layout, signal } = context;
  const startedAt = new Date();
  report(context, 'network', `Making the network ${datacenter.netns}`);
  await createNetwork(datacenter);
  await createCgroup(layout.cgroup);
  await mountHome(layout.dir, layout.home);
  await startLogs(layout);
  const pki = await prepareIdentities(datacenter, layout);

  report(context, 'images', 'Looking for images that are not there yet');
  await provideImages(context);
  await Promise.all([startNode(context, pki), startControlPlane(context, pki)]);

  report(context, 'services', 'Applying storage class, DNS and rights');
  const kubeConfig = loadKubeconfig(datacenter.kubeconfig);
  await applyObjects(kubeConfig, [
    ...componentRights,
    storageClass,
    ...dnsObjects(dnsImage(context.images)),
  ]);
  context.table.start(controllers(datacenter, layout));
  report(context, 'node', 'Waiting for the node to be ready');
  const api = kubeConfig.makeApiClient(CoreV1Api);
  await waitUntil(
    async () => {
      await context.table.assertRunning();
      return (await isNodeReady(api, startedAt)) && (await canTakePods(api));
    },
    { signal },
  );
}

/** Logs of the last two runs are kept. */
async function startLogs(layout: Layout): Promise<void> {
  const logs = join(layout.home, 'log');
  await rm(`${logs}.previous`, { recursive: true, force: true });
  const isFirst = await access(logs).then(
    () => false,
    () => true,
  );
  if (!isFirst) await rename(logs, `${logs}.previous`);
  await mkdir(logs);
}

async function provideImages(context: Context): Promise<void> {
  const { instance, toolchain, layout, images, signal } = context;
  await provideRoot({
    cacheDir: instance.cacheDir,
    runDir: instance.runDir,
    binDir: toolchain.binDir,
    images,
    dir: join(layout.dir, 'containerd'),
    signal,
    onImage: (reference, position, total) =>
      report(
        context,
        'images',
        `Unpacking ${reference} (${position}/${total})`,
      ),
  });
}

async function importNewImages(context: Context): Promise<void> {
  const { toolchain, layout, images, signal } = context;
  const folders = containerdFolders(layout);
  const missing = await missingImages(folders, images);
  await importImages({
    binDir: toolchain.binDir,
    folders,
    missing,
    signal,
    onImage: (reference, position) =>
      report(
        context,
        'images',
        `Importing ${reference} (${position}/${missing.length})`,
      ),
  });
}

async function startControlPlane(context: Context, pki: Pki): Promise<void> {
  const { datacenter, layout, table, toolchain, signal } = context;
  const restored =
    context.snapshot === 'use' &&
    (await restoreSnapshot({
      cacheDir: context.instance.cacheDir,
      key: context.snapshotKey ?? toolchain.key,
      dir: layout.home,
    }));
  report(context, 'control plane', 'Starting etcd and the API server');
  const options = { binDir: toolchain.binDir, layout, pki };
  table.start(etcd(options));
  table.start(apiServer(options));
  const host = datacenter.nodeAddress;
  await whileRunning(table, signal, ready =>
    waitForApiServer({ host, port: API_PORT, pki, signal: ready }),
  );
  if (restored)
    await replaceAuthority(
      loadKubeconfig(datacenter.kubeconfig).makeApiClient(CoreV1Api),
      await readFile(pki.ca, 'utf8'),
    );
  for (const launch of [controllerManager(options), scheduler(options)])
    table.start(launch);
  table.start(kubelet(options));
  table.start(kubeProxy(options));
}

/** Waits for `work`, but no longer than every recorded process runs. */
async function whileRunning(
  table: ProcessTable,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const ended = waitUntil(
    async () => {
      await table.assertRunning();
      return false;
    },
    { signal: either },
  );
  await Promise.race([work(either), ended]).finally(() => over.abort());
}

async function startNode(context: Context, pki: Pki): Promise<void> {
  const { layout, table, signal } = context;
  const { binDir } = context.toolchain;
  const folders = containerdFolders(layout);
  await prepareContainerd({ folders, binDir });
  await prepareKubelet(layout, pki);
  table.start(containerd({ folders, binDir }));
  await waitUntil(
    async () => {
      await table.assertRunning();
      return isContainerdReady({ binDir, socket: folders.socket });
    },
    { signal },
  );
  await importNewImages(context);
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
