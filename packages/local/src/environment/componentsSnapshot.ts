import { COMPONENTS } from '@kubenova/operator/components';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { chartFileName, charts } from '../charts/charts.ts';
import {
  downDatacenter,
  hasSnapshot,
  saveSnapshot,
  upDatacenter,
} from '../datacenter/index.ts';
import type { Instance } from '../instance/index.ts';
import { mustRun } from '../processes/runCommand.ts';
import { waitUntil } from '../processes/waitUntil.ts';
import type { Terminal } from '../terminal/steps.ts';
import type { DatacenterTools } from './datacenterTools.ts';

/** The datacenter that a snapshot is taken of lives just for that. */
const NAME = 'snapshot';

/** The key of the snapshot for these pins and values, where one was made. */
export async function findComponentsSnapshot(options: {
  instance: Instance;
  tools: DatacenterTools;
}): Promise<string | undefined> {
  const { instance, tools } = options;
  const key = snapshotKey(instance.root, tools);
  return (await hasSnapshot(instance, key)) ? key : undefined;
}

/**
 * A snapshot of a datacenter that has Capsule, capsule-proxy and KubeVela, and nothing of KubeNova. It is made once for
 * each set of pins and values.
 *
 * @returns its key
 */
export async function ensureComponentsSnapshot(options: {
  instance: Instance;
  tools: DatacenterTools;
  terminal: Terminal;
  signal: AbortSignal;
}): Promise<string> {
  const { instance, tools, terminal, signal } = options;
  const found = await findComponentsSnapshot(options);
  if (found) {
    return found;
  }
  const key = snapshotKey(instance.root, tools);
  await terminal.step('Making a snapshot of a datacenter', async () => {
    const name = NAME;
    try {
      const { kubeconfig } = await upDatacenter({
        instance,
        name,
        ...tools,
        signal,
      });
      await installComponents({ ...options, kubeconfig });
      await downDatacenter({ instance, name });
      await saveSnapshot({ instance, name, key });
    } finally {
      await downDatacenter({ instance, name, purge: true });
    }
  });
  return key;
}

/**
 * Waits until Capsule's webhooks answer in a datacenter from a snapshot. Its Deployments say Available all the while, as they did
 * when the snapshot was taken.
 */
export async function untilNamespacesCanBeMade(options: {
  tools: DatacenterTools;
  kubeconfig: string;
  signal: AbortSignal;
}): Promise<void> {
  const { tools, kubeconfig, signal } = options;
  const kubectl = path.join(tools.toolchain.binDir, 'kubectl');
  const probe = ['create', 'namespace', 'probe', '--dry-run=server'];
  const what = "Capsule's webhooks to answer";
  await waitUntil({ what, limitMs: 5 * 60_000, signal }, () =>
    mustRun(kubectl, ['--kubeconfig', kubeconfig, ...probe]),
  );
}

function valuesPath(root: string, file: string): string {
  return path.join(root, 'operator/values', file);
}

function chartOf(prefix: string): string {
  const files = charts.map(chartFileName);
  const file = files.find(name => name.startsWith(prefix));
  if (!file) {
    throw new Error(`No chart of ${files.join(', ')} begins with ${prefix}`);
  }
  return file;
}

function snapshotKey(root: string, tools: DatacenterTools): string {
  const hash = createHash('sha256').update(tools.toolchain.key);
  for (const { release, namespace, valuesFile } of COMPONENTS) {
    hash.update(release).update(namespace);
    hash.update(readFileSync(valuesPath(root, valuesFile)));
  }
  return hash.digest('hex').slice(0, 16);
}

/** As the operator installs them: its releases, namespaces and values, in its order. */
async function installComponents(options: {
  instance: Instance;
  tools: DatacenterTools;
  terminal: Terminal;
  signal: AbortSignal;
  kubeconfig: string;
}): Promise<void> {
  const { instance, tools, terminal, signal, kubeconfig } = options;
  const { binDir, chartsDir } = tools.toolchain;
  for (const { release, namespace, chartPrefix, valuesFile } of COMPONENTS) {
    const chart = path.join(chartsDir, chartOf(chartPrefix));
    terminal.say(`  Installing ${release}`);
    await mustRun(
      path.join(binDir, 'helm'),
      [
        ...['upgrade', '--install', release, chart],
        ...['--namespace', namespace, '--create-namespace'],
        ...['--values', valuesPath(instance.root, valuesFile)],
        ...['--wait', '--timeout', '5m', '--kubeconfig', kubeconfig],
      ],
      { signal },
    );
  }
}
