import { readFile } from 'node:fs/promises';
import { CoreV1Api } from '@kubernetes/client-node';
import type { Pki } from '../../controlplane/pki.ts';
import { waitForApiServer } from '../../controlplane/waitForApiServer.ts';
import {
  apiServer,
  controllerManager,
  etcd,
  scheduler,
} from '../components/controlPlane.ts';
import { loadKubeconfig } from '../kubeClient.ts';
import { API_PORT } from '../layout.ts';
import type { ProcessTable } from '../processTable.ts';
import { replaceAuthority, restoreSnapshot } from '../snapshots.ts';
import { waitUntil } from '../waitUntil.ts';
import { report, type StartContext } from './context.ts';

/** Starts etcd, the API server and what works on its objects, from a snapshot if one is asked for. */
export async function startControlPlane(
  context: StartContext,
  pki: Pki,
): Promise<void> {
  const { datacenter, instance, layout, table, toolchain, signal } = context;
  const restored =
    context.snapshot === 'use' &&
    (await restoreSnapshot({
      cacheDir: instance.cacheDir,
      key: context.snapshotKey ?? toolchain.key,
      dir: layout.home,
    }));
  report(context, 'control plane', 'Starting etcd and the API server');
  const options = { binDir: toolchain.binDir, layout, pki };
  table.start(etcd(options));
  table.start(apiServer(options));
  const host = datacenter.nodeAddress;
  await whileAllRun(table, signal, ready =>
    waitForApiServer({ host, port: API_PORT, pki, signal: ready }),
  );
  if (restored)
    await replaceAuthority(
      loadKubeconfig(datacenter.kubeconfig).makeApiClient(CoreV1Api),
      await readFile(pki.ca, 'utf8'),
    );
  signal.throwIfAborted();
  table.start(controllerManager(options));
  table.start(scheduler(options));
}

/** Waits for `work`, but not beyond the end of a recorded process. */
async function whileAllRun(
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
