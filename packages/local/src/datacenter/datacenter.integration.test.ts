import assert from 'node:assert/strict';
import { access, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AppsV1Api,
  CoreV1Api,
  Exec,
  type KubeConfig,
} from '@kubernetes/client-node';
import { ensureComponentImages, imageReferences } from '../images/index.ts';
import { type Instance, openInstance } from '../instance/index.ts';
import { mustRun } from '../processes/runCommand.ts';
import { ensureToolchain, missingPrerequisites } from '../toolchain/index.ts';
import { cgroupsNamed } from './cgroups.ts';
import { clearLeftovers } from './clearLeftovers.ts';
import { downDatacenter } from './downDatacenter.ts';
import { loadKubeconfig } from './kubeClient.ts';
import { listDatacenters } from './listDatacenters.ts';
import { cutDatacenter, restoreDatacenter } from './network.ts';
import { saveSnapshot } from './snapshots.ts';
import type { Datacenter, DatacenterTools, ImageArchive } from './types.ts';
import { upDatacenter } from './upDatacenter.ts';

const DEADLINE_MS = 180_000;
const namespace = 'default';
const USER = 65532;

async function eventually<T>(
  what: string,
  attempt: () => Promise<T | undefined | false>,
): Promise<T> {
  const end = performance.now() + DEADLINE_MS;
  for (;;) {
    const result = await attempt();
    if (result) return result;
    assert.ok(performance.now() < end, `${what}: not within ${DEADLINE_MS} ms`);
    await sleep(250);
  }
}

/** The status of a GET; 0 when nothing answers within two seconds. */
function httpStatus(url: string): Promise<number> {
  return new Promise(answer => {
    const asking = get(url, { agent: false, timeout: 2_000 }, response => {
      response.resume();
      answer(response.statusCode ?? 0);
    });
    asking.on('timeout', () => asking.destroy());
    asking.on('error', () => answer(0));
  });
}

/** Everything on this machine that carries the instance's id, or lies in its folders. */
async function tracesOf(instance: Instance): Promise<string[]> {
  const traces: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(
      () => '',
    );
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(
      () => '',
    );
    for (const place of [instance.runDir, instance.stateDir])
      if (command.includes(place) || environment.includes(`=${place}`))
        traces.push(`process ${pid} ${command.replaceAll('\0', ' ')}`);
  }
  const mounts = await readFile('/proc/self/mounts', 'utf8');
  for (const line of mounts.split('\n'))
    if (line.includes(instance.runDir) || line.includes(instance.stateDir))
      traces.push(`mount ${line}`);
  const { stdout: networks } = await mustRun('ip', ['netns', 'list']);
  const { stdout: links } = await mustRun('ip', ['-brief', 'link']);
  const { stdout: routes } = await mustRun('ip', ['route', 'show']);
  for (const line of `${networks}\n${links}\n${routes}`.split('\n'))
    if (
      line.includes(`kubenova-${instance.id}-`) ||
      line.startsWith(`kn${instance.id}-`) ||
      line.includes(` 10.${instance.network}.`)
    )
      traces.push(`network ${line}`);
  for (const name of await cgroupsNamed(`kubenova-${instance.id}-`))
    traces.push(`control group ${name}`);
  if (
    await access(instance.runDir).then(
      () => true,
      () => false,
    )
  )
    traces.push(`folder ${instance.runDir}`);
  return traces;
}

describe('a datacenter', () => {
  let checkout: string;
  let instance: Instance;
  let toolchain: DatacenterTools;
  let images: ImageArchive[];
  let datacenter: Datacenter;
  let kubeConfig: KubeConfig;
  let core: CoreV1Api;

  async function up(): Promise<void> {
    datacenter = await upDatacenter({
      instance,
      name: 'test1',
      toolchain,
      images,
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    kubeConfig = loadKubeconfig(datacenter.kubeconfig);
    core = kubeConfig.makeApiClient(CoreV1Api);
  }

  async function exec(pod: string, ...command: string[]): Promise<string> {
    const stdout = new PassThrough();
    let output = '';
    stdout.on('data', chunk => {
      output += chunk;
    });
    const status = await new Promise<string>((answer, fail) => {
      new Exec(kubeConfig)
        .exec(namespace, pod, 'main', command, stdout, null, null, false, s =>
          answer(s.status ?? ''),
        )
        .catch(fail);
    });
    assert.equal(status, 'Success', `${command.join(' ')}: ${output}`);
    return output;
  }

  async function podRuns(name: string): Promise<boolean> {
    const { status } = await core.readNamespacedPod({ namespace, name });
    return (
      status?.containerStatuses?.every(
        ({ ready, state }) => ready && state?.running,
      ) ?? false
    );
  }

  function loadBalancerAddress(): Promise<string> {
    return eventually('the address of the Service', async () => {
      const { status } = await core.readNamespacedService({
        namespace,
        name: 'web',
      });
      return status?.loadBalancer?.ingress?.[0]?.ip;
    });
  }

  before(async () => {
    checkout = await mkdtemp(join(tmpdir(), 'kubenova-datacenter-'));
    instance = await openInstance({ root: checkout, name: 'test' });
    const { cacheDir } = instance;
    const missing = await missingPrerequisites({ cacheDir });
    assert.deepEqual(missing, [], 'this machine lacks what datacenters need');
    const signal = AbortSignal.timeout(60 * 60_000);
    const tools = await ensureToolchain({ cacheDir, signal });
    toolchain = tools;
    images = await ensureComponentImages({
      toolchain: tools,
      cacheDir,
      signal,
    });
    await up();
  });

  after(async () => {
    for (const name of ['test1', 'test2'])
      if (instance) await downDatacenter({ instance, name, purge: true });
    await rm(checkout, { recursive: true, force: true });
  });

  it('is up, with a node that is Ready', async () => {
    const [listed] = await listDatacenters(instance);
    assert.equal(listed.state, 'up');
    const { items } = await core.listNode();
    const conditions = items[0].status?.conditions ?? [];
    const ready = conditions.find(({ type }) => type === 'Ready');
    assert.equal(ready?.status, 'True');
  });

  it('binds a claim whose folder a non-root pod writes', async () => {
    await core.createNamespacedPersistentVolumeClaim({
      namespace,
      body: {
        metadata: { name: 'data' },
        spec: {
          accessModes: ['ReadWriteOncePod'],
          resources: { requests: { storage: '1Gi' } },
        },
      },
    });
    await core.createNamespacedPod({
      namespace,
      body: {
        metadata: { name: 'writer' },
        spec: {
          terminationGracePeriodSeconds: 0,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: USER,
            runAsGroup: USER,
            fsGroup: USER,
          },
          containers: [
            {
              name: 'main',
              image: imageReferences.kubectl,
              command: [
                'sh',
                '-c',
                'echo run >> /data/runs && echo written && sleep 86400',
              ],
              volumeMounts: [{ name: 'data', mountPath: '/data' }],
            },
          ],
          volumes: [
            { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
          ],
        },
      },
    });
    await eventually('the pod', () => podRuns('writer'));
    assert.equal(await exec('writer', 'cat', '/data/runs'), 'run\n');
  });

  it('shows what a pod logged', async () => {
    const log = await core.readNamespacedPodLog({ namespace, name: 'writer' });
    assert.equal(log, 'written\n');
  });

  it('answers HTTP at the address of a Service of type LoadBalancer', async () => {
    const labels = { app: 'web' };
    await kubeConfig.makeApiClient(AppsV1Api).createNamespacedDeployment({
      namespace,
      body: {
        metadata: { name: 'web' },
        spec: {
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              containers: [{ name: 'main', image: imageReferences.goHttpbin }],
            },
          },
        },
      },
    });
    await core.createNamespacedService({
      namespace,
      body: {
        metadata: { name: 'web' },
        spec: {
          type: 'LoadBalancer',
          selector: labels,
          ports: [{ port: 80, targetPort: 8080 }],
        },
      },
    });
    const address = await loadBalancerAddress();
    assert.ok(address.startsWith(`10.${instance.network}.1.`));
    await eventually(
      'the answer',
      async () => (await httpStatus(`http://${address}/status/200`)) === 200,
    );
  });

  it('resolves names of the cluster in a pod, and none of the outside', async () => {
    const lookUp = (name: string) =>
      exec('writer', 'sh', '-c', `busybox nslookup ${name}; echo done`);
    await eventually('CoreDNS', async () =>
      (await lookUp('web.default.svc.cluster.local')).includes('Name:'),
    );
    const outside = await lookUp('example.com');
    assert.match(outside, /NXDOMAIN/);
    const resolv = await exec('writer', 'cat', '/etc/resolv.conf');
    assert.deepEqual(resolv.match(/^nameserver .*$/gm), [
      'nameserver 10.96.0.10',
    ]);
  });

  it('refuses an image that was not imported, at once', async () => {
    await core.createNamespacedPod({
      namespace,
      body: {
        metadata: { name: 'stranger' },
        spec: {
          containers: [{ name: 'main', image: 'docker.io/library/nginx:1' }],
        },
      },
    });
    const reason = await eventually('the refusal', async () => {
      const { status } = await core.readNamespacedPod({
        namespace,
        name: 'stranger',
      });
      return status?.containerStatuses?.[0].state?.waiting?.reason;
    });
    assert.match(reason, /^(ErrImagePull|ImagePullBackOff|ContainerCreating)$/);
    await eventually('the reason', async () => {
      const { items } = await core.listNamespacedEvent({ namespace });
      return items.some(({ message }) =>
        message?.includes('127.0.0.1:1: connect: connection refused'),
      );
    });
    await core.deleteNamespacedPod({
      namespace,
      name: 'stranger',
      gracePeriodSeconds: 0,
    });
  });

  it('cannot be reached while it is cut off, and goes on', async () => {
    const url = `http://${await loadBalancerAddress()}/status/200`;
    await cutDatacenter(datacenter);
    assert.equal(await httpStatus(url), 0);
    await restoreDatacenter(datacenter);
    await eventually('the answer', async () => (await httpStatus(url)) === 200);
    assert.equal(await exec('writer', 'cat', '/data/runs'), 'run\n');
  });

  it('starts a component again that has ended', async () => {
    const schedulerOf = async () => {
      const text = await readFile(
        join(datacenter.dir, 'processes.json'),
        'utf8',
      );
      const entries = JSON.parse(text) as Array<{
        launch: { name: string };
        identity: { pid: number };
      }>;
      return entries.find(({ launch }) => launch.name === 'kube-scheduler')
        ?.identity.pid;
    };
    const first = await schedulerOf();
    assert.ok(first);
    process.kill(first, 'SIGKILL');
    await eventually('another process', async () => {
      const now = await schedulerOf();
      return now !== first && (await stat(`/proc/${now}`).catch(() => false));
    });
  });

  it('leaves nothing running when it is down, and resumes with its data', async () => {
    await downDatacenter({ instance, name: 'test1' });
    assert.deepEqual(await tracesOf(instance), []);
    await up();
    await eventually('both runs', async () => {
      const runs = await exec('writer', 'cat', '/data/runs').catch(() => '');
      return runs === 'run\nrun\n';
    });
    const url = `http://${await loadBalancerAddress()}/status/200`;
    await eventually('the answer', async () => (await httpStatus(url)) === 200);
  });

  it('removes the folder of a volume whose claim was deleted', async () => {
    const folder = join(datacenter.dir, 'volumes');
    assert.equal((await readdir(folder)).length, 1);
    await core.deleteNamespacedPod({
      namespace,
      name: 'writer',
      gracePeriodSeconds: 0,
    });
    await core.deleteNamespacedPersistentVolumeClaim({
      namespace,
      name: 'data',
    });
    await eventually('the end of the volume', async () => {
      const { items } = await core.listPersistentVolume();
      return items.length === 0;
    });
    assert.deepEqual(await readdir(folder), []);
  });

  it('gives a new datacenter what it has installed, by a snapshot', async () => {
    const key = `test-${instance.id}`;
    const snapshot = join(instance.cacheDir, 'snapshots', key);
    await downDatacenter({ instance, name: 'test1' });
    await saveSnapshot({ instance, name: 'test1', key });
    const second = await upDatacenter({
      instance,
      name: 'test2',
      toolchain,
      images,
      snapshot: 'use',
      snapshotKey: key,
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    await rm(snapshot, { recursive: true });
    const caOf = ({ dir }: Datacenter) => readFile(join(dir, 'pki', 'ca.crt'));
    assert.notDeepEqual(await caOf(second), await caOf(datacenter));
    const inSecond = loadKubeconfig(second.kubeconfig);
    const address = await eventually('an address of its own', async () => {
      const { status } = await inSecond
        .makeApiClient(CoreV1Api)
        .readNamespacedService({ namespace, name: 'web' });
      const ip = status?.loadBalancer?.ingress?.[0]?.ip;
      return ip?.startsWith(`10.${instance.network}.2.`) && ip;
    });
    await eventually(
      'the answer',
      async () => (await httpStatus(`http://${address}/status/200`)) === 200,
    );
    // It has to trust the new authority, which it reads once.
    await eventually('CoreDNS', async () => {
      const { status } = await inSecond
        .makeApiClient(AppsV1Api)
        .readNamespacedDeployment({
          namespace: 'kube-system',
          name: 'coredns',
        });
      return status?.readyReplicas === 1;
    });
    await downDatacenter({ instance, name: 'test2', purge: true });
    await up();
  });

  it('is cleared after a crash', async () => {
    const text = await readFile(join(datacenter.dir, 'processes.json'), 'utf8');
    const entries = JSON.parse(text) as Array<{ identity: { pid: number } }>;
    for (const { identity } of entries) process.kill(identity.pid, 'SIGKILL');
    assert.notDeepEqual(await tracesOf(instance), []);
    const found = await clearLeftovers(instance);
    assert.ok(found.some(trace => trace.includes(datacenter.netns)));
    assert.deepEqual(await tracesOf(instance), []);
    assert.deepEqual(await clearLeftovers(instance), []);
  });

  it('leaves nothing at all when it is purged', async () => {
    await up();
    await downDatacenter({ instance, name: 'test1', purge: true });
    assert.deepEqual(await tracesOf(instance), []);
    assert.deepEqual(await listDatacenters(instance), []);
    assert.deepEqual(await readdir(join(instance.stateDir, 'datacenters')), []);
  });
});
