import {
  CapsuleStandIn,
  kinds,
  OperatorFolder,
  OperatorProcess,
  ScriptedManager,
  TestCluster,
} from '@kubenova/operator/testing';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { figure, type Figure } from '../figures.ts';

const run = promisify(execFile);

const TENANT = 'bench';
const SAMPLES = 3;
const LIMIT_MS = 10 * 60_000;

const CONFIG = stringify({
  apiVersion: 'kubenova.io/v1alpha1',
  kind: 'NovaClusterConfig',
  metadata: { name: 'cluster' },
  spec: {
    installCapsule: false,
    installCapsuleProxy: false,
    installKubeVela: false,
  },
});

const UID = '11111111-1111-4111-8111-111111111111';

const NOVA_TENANT = stringify({
  apiVersion: 'kubenova.io/v1alpha1',
  kind: 'NovaTenant',
  metadata: { name: TENANT },
  spec: { uid: UID, displayName: TENANT },
});

/**
 * The operator as it ships, on a real API server, with a scripted Manager. Capsule's and KubeVela's controllers are absent: their
 * Deployments are objects that say Available, and the applications' statuses are written by the benchmark.
 */
export async function measureOperatorMemory(options: {
  root: string;
  applications: number;
  signal: AbortSignal;
}): Promise<Figure[]> {
  const { root, applications, signal } = options;
  const stopping = new AbortController();
  const cluster = await TestCluster.start({ charts: ['capsule', 'vela-core'] });
  const manager = await ScriptedManager.start();
  const folder = await OperatorFolder.create(cluster, manager);
  const operator = new OperatorProcess(
    { POD_NAME: 'operator-0', ...folder.env },
    { script: await bundle(root) },
  );
  try {
    await pretendComponents(cluster);
    await CapsuleStandIn.start(cluster, stopping.signal);
    const session = await manager.session(1);
    const idle = await operator.residentMemory();
    session.apply({ key: 'cluster/config', generation: 1, yaml: CONFIG });
    session.apply({
      key: `tenants/${TENANT}`,
      generation: 2,
      uid: UID,
      yaml: NOVA_TENANT,
    });
    const names = Array.from({ length: applications }, (_, i) => `web-${i}`);
    for (const [index, name] of names.entries()) {
      session.apply({
        key: `applications/${TENANT}/${name}`,
        generation: index + 3,
        uid: UID,
        yaml: application(name),
      });
    }
    await untilTold(manager, names, signal);
    for (const name of names) {
      await sayRunning(cluster, name);
    }
    const samples: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      await delay(5_000, undefined, { signal });
      samples.push(await operator.residentMemory());
    }
    return [
      figure({
        name: 'Memory of an operator that is idle',
        unit: 'MiB',
        samples: [idle],
      }),
      figure({
        name: `Memory of an operator with ${applications} applications`,
        unit: 'MiB',
        samples,
        aim: { atMost: 128 },
        note: 'a real API server; the statuses are written by the benchmark',
      }),
    ];
  } finally {
    operator.kill('SIGKILL');
    await operator.exited();
    stopping.abort();
    await manager.stop();
    await folder.remove();
    await cluster.stop();
  }
}

/** The operator as one file, as its image has it. */
async function bundle(root: string): Promise<string> {
  const yarn = path.join(root, '.yarn/releases/yarn-4.18.1.cjs');
  const args = [yarn, 'workspace', '@kubenova/operator', 'build'];
  await run(process.execPath, args, { cwd: root });
  return path.join(root, 'operator/dist/main.js');
}

/** Deployments as far as the operator looks at them: it takes the components for installed by somebody else. */
async function pretendComponents(cluster: TestCluster): Promise<void> {
  for (const name of ['capsule', 'capsule-proxy', 'vela-core']) {
    const labels = { 'app.kubernetes.io/name': name };
    const made = await cluster.admin.create({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: 'default', labels },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name, image: `${name}:0.0.0` }] },
        },
      },
    });
    await cluster.admin.replace(
      {
        ...made,
        status: {
          ...{ replicas: 1, readyReplicas: 1, availableReplicas: 1 },
          conditions: [{ type: 'Available', status: 'True' }],
        },
      },
      'status',
    );
  }
}

async function untilTold(
  manager: ScriptedManager,
  names: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  const missing = new Set(
    names.map(name => `status/applications/${TENANT}/${name}`),
  );
  let seen = 0;
  while (missing.size > 0) {
    for (const { key } of manager.committed.slice(seen)) {
      missing.delete(key);
      seen += 1;
    }
    if (Date.now() > deadline) {
      const outcomes = manager.committed.slice(-3).map(({ key }) => key);
      throw new Error(
        `${
          missing.size
        } applications are not applied after 10 minutes; last told: ${outcomes.join(
          ', ',
        )}`,
      );
    }
    await delay(200, undefined, { signal });
  }
}

async function sayRunning(cluster: TestCluster, name: string): Promise<void> {
  const object = await cluster.admin.get(kinds.APPLICATION, {
    namespace: `${TENANT}-apps`,
    name,
  });
  if (!object) {
    throw new Error(`The application ${name} is not in the cluster`);
  }
  await cluster.admin.replace(
    {
      ...object,
      status: {
        status: 'running',
        observedGeneration: object.metadata.generation,
        services: [
          {
            name,
            namespace: `${TENANT}-apps`,
            healthy: true,
            message: 'Ready:1/1',
          },
        ],
        conditions: [
          'Parsed',
          'Revision',
          'Policy',
          'Render',
          'WorkflowFinished',
        ].map(type => ({
          ...{ type, status: 'True', reason: 'Available' },
          lastTransitionTime: '2026-01-01T00:00:00Z',
        })),
      },
    },
    'status',
  );
}

function application(name: string): string {
  return stringify({
    apiVersion: 'core.oam.dev/v1beta1',
    kind: 'Application',
    metadata: {
      ...{ name, namespace: `${TENANT}-apps` },
      labels: {
        'kubenova.io/tenant': TENANT,
        'kubenova.io/application-uid': UID,
      },
    },
    spec: {
      components: [
        {
          name,
          type: 'webservice',
          properties: { image: 'example/web:1', ports: [{ port: 8080 }] },
        },
      ],
    },
  });
}
