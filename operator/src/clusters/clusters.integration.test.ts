/**
 * The cluster's configuration against a real API server, with the operator's own rights. No Job runs here: the tests write what the Jobs, Deployments and pods
 * of a real cluster would say.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { stringify } from 'yaml';
import { INSTALLER_NAMESPACE, kinds } from '../kube/index.ts';
import type { KubeObject } from '../kube/index.ts';
import { systemClock } from '../link/clock.ts';
import { eventually, present } from '../testing/eventually.ts';
import { MemoryJournal } from '../testing/MemoryJournal.ts';
import { silentLogger } from '../testing/silentLogger.ts';
import { TestCluster } from '../testing/TestCluster.ts';
import { createClusters } from './index.ts';
import type { Clusters, NovaClusterConfig } from './index.ts';

const KEY = 'cluster/config';
const OPERATOR = join(import.meta.dirname, '../..');

function configuration(spec: Partial<NovaClusterConfig['spec']> = {}): string {
  return stringify({
    apiVersion: 'kubenova.io/v1alpha1',
    kind: 'NovaClusterConfig',
    metadata: { name: 'cluster' },
    spec: {
      installCapsule: true,
      installCapsuleProxy: false,
      installKubeVela: false,
      ...spec,
    },
  });
}

const APPLICATION_CRD = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: applications.core.oam.dev }
spec:
  group: core.oam.dev
  scope: Namespaced
  names: { kind: Application, plural: applications }
  versions:
    - name: v1beta1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
`;

describe('the configuration of a cluster', () => {
  const journal = new MemoryJournal();
  const end = new AbortController();
  let cluster: TestCluster;
  let clusters: Clusters;
  let chartsDir: string;
  let running: Promise<void> | undefined;

  before(async () => {
    cluster = await TestCluster.start({ charts: ['capsule'] });
    chartsDir = await mkdtemp(join(tmpdir(), 'kubenova-charts-'));
    await writeFile(join(chartsDir, 'capsule-0.14.0.tgz'), '');
    await writeFile(join(chartsDir, 'vela-core-1.10.9.tgz'), '');
    clusters = createClusters({
      kube: cluster.operator,
      desired: journal.desired,
      events: journal.events,
      snapshots: journal.snapshots,
      clock: systemClock,
      log: silentLogger,
      conditions: [
        {
          condition: () => ({ type: 'Linked', status: 'True', reason: 'Open' }),
          onChange: () => () => {},
        },
      ],
      assets: {
        crdsDir: join(OPERATOR, 'crds'),
        policiesDir: join(OPERATOR, 'policies'),
        valuesDir: join(OPERATOR, 'values'),
        chartsDir,
      },
      operator: { image: 'kubenova.local/operator:0.1.0', version: '0.1.0' },
    });
    await clusters.prepare(end.signal);
    // The charts of this test do not lie where the policy on installer Jobs wants them; that policy has tests of its own.
    await cluster.kubectl([
      'delete',
      'validatingadmissionpolicybinding',
      'kubenova-installer-jobs',
    ]);
    running = clusters.start(end.signal);
  });

  after(async () => {
    end.abort();
    await running;
    await rm(chartsDir, { recursive: true, force: true });
    await cluster?.stop();
  });

  const componentOf = (name: string) =>
    journal.clusterStatus()?.components.find(one => one.name === name);
  const installJob = () =>
    cluster.admin.get(kinds.JOB, {
      namespace: INSTALLER_NAMESPACE,
      name: 'capsule-install',
    });

  async function finishJob(job: KubeObject, type: 'Complete' | 'Failed') {
    const at = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    const before_ =
      type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
    await cluster.admin.replace(
      {
        ...job,
        status: {
          startTime: at,
          ...(type === 'Complete' && { completionTime: at, succeeded: 1 }),
          ...(type === 'Failed' && { failed: 1 }),
          conditions: [before_, type].map(condition => ({
            type: condition,
            status: 'True',
            message: 'Helm had no luck',
            lastTransitionTime: at,
          })),
        },
      },
      'status',
    );
  }

  it('is Pending, with the capacity of the cluster, before there is one', async () => {
    await eventually(() =>
      assert.equal(journal.clusterStatus()?.phase, 'Pending'),
    );
    assert.equal(journal.clusterStatus()?.generation, 0);
    assert.match(journal.clusterStatus()?.kubernetesVersion ?? '', /^v1\./);
    assert.deepEqual(journal.clusterStatus()?.capacity, {
      nodes: 0,
      readyNodes: 0,
      cpu: '0',
      memory: '0',
    });
  });

  it('makes an installer Job of its own image', async () => {
    journal.want({
      key: KEY,
      generation: 1,
      uid: 'c1',
      yaml: configuration(),
    });
    const job = present(
      await eventually(async () => present(await installJob(), 'Job')),
      'Job',
    );
    assert.equal(journal.outcome(KEY)?.outcome, 'Applied');
    const { containers } = (
      job.spec as unknown as {
        template: { spec: { containers: Array<{ args: string[] }> } };
      }
    ).template.spec;
    assert.deepEqual(containers[0].args.slice(0, 3), [
      'upgrade',
      '--install',
      'capsule',
    ]);
    await eventually(() =>
      assert.equal(componentOf('capsule')?.phase, 'Installing'),
    );
    assert.equal(
      clusters.components.waitingFor('capsule'),
      'waiting for Capsule in this cluster',
    );
  });

  it('shows what Helm said last when it failed', async () => {
    await finishJob(present(await installJob(), 'Job'), 'Failed');
    await eventually(() =>
      assert.equal(componentOf('capsule')?.phase, 'Error'),
    );
    assert.equal(componentOf('capsule')?.message, 'Helm had no luck');
    assert.equal(journal.clusterStatus()?.phase, 'Error');
  });

  it('is Ready when the Job is done and pods of the component are available', async () => {
    await cluster.kubectl([
      'delete',
      'job',
      'capsule-install',
      `--namespace=${INSTALLER_NAMESPACE}`,
    ]);
    const again = await eventually(async () =>
      present(await installJob(), 'Job'),
    );
    await makeDeployment(cluster, 'capsule', 'capsule-system');
    await finishJob(again, 'Complete');
    await eventually(() =>
      assert.equal(componentOf('capsule')?.phase, 'Ready'),
    );
    assert.equal(componentOf('capsule')?.version, '0.14.0');
    assert.equal(clusters.components.waitingFor('capsule'), undefined);
    assert.deepEqual(
      journal
        .clusterStatus()
        ?.conditions.map(({ type, status }) => `${type} ${status}`),
      ['Ready True', 'Overridden False', 'Linked True'],
    );
    assert.equal(componentOf('kubevela')?.phase, 'Disabled');
    assert.equal(journal.clusterStatus()?.phase, 'Ready');
  });

  it('leaves alone what somebody else installed, and uses it', async () => {
    await makeDeployment(cluster, 'vela-core', 'elsewhere');
    await cluster.kubectl(['apply', '-f', '-'], APPLICATION_CRD);
    journal.want({
      key: KEY,
      generation: 2,
      uid: 'c1',
      yaml: configuration({ installKubeVela: true }),
    });
    await eventually(() =>
      assert.equal(componentOf('kubevela')?.phase, 'Ready'),
    );
    assert.match(componentOf('kubevela')?.message ?? '', /does not manage it/);
    assert.equal(
      await cluster.admin.get(kinds.JOB, {
        namespace: INSTALLER_NAMESPACE,
        name: 'kubevela-install',
      }),
      undefined,
    );
  });

  it('keeps a field that somebody else has set, and says who (M3)', async () => {
    await cluster.kubectl([
      'patch',
      'novaclusterconfig',
      'cluster',
      '--type=merge',
      '--field-manager=jo',
      '--patch={"spec":{"targetStorageClass":"fast"}}',
    ]);
    journal.want({
      key: KEY,
      generation: 3,
      uid: 'c1',
      yaml: configuration({
        installKubeVela: true,
        targetStorageClass: 'slow',
        capsuleProxyUrl: 'https://proxy.example',
      }),
    });
    await eventually(() => {
      const overridden = journal
        .clusterStatus()
        ?.conditions.find(({ type }) => type === 'Overridden');
      assert.equal(overridden?.status, 'True');
      assert.match(
        overridden?.message ?? '',
        /spec\.targetStorageClass is kept as "jo" set it at 20/,
      );
    });
    const config = await cluster.admin.get<NovaClusterConfig>(
      kinds.NOVA_CLUSTER_CONFIG,
      { name: 'cluster' },
    );
    assert.equal(config?.spec.targetStorageClass, 'fast');
    assert.equal(config?.spec.capsuleProxyUrl, 'https://proxy.example');
    assert.equal(journal.outcome(KEY)?.outcome, 'Applied');
  });

  it('is forgotten with its tombstone; what is installed stays', async () => {
    journal.want({ key: KEY, generation: 4, uid: 'c1' });
    await eventually(() =>
      assert.equal(journal.outcome(KEY)?.outcome, 'Deleted'),
    );
    assert.equal(
      await cluster.admin.get(kinds.NOVA_CLUSTER_CONFIG, { name: 'cluster' }),
      undefined,
    );
    assert.ok(
      await cluster.admin.get(kinds.DEPLOYMENT, {
        namespace: 'capsule-system',
        name: 'capsule',
      }),
    );
  });
});

/** A Deployment that says of itself that it is available, as there is nobody here to run it. */
async function makeDeployment(
  cluster: TestCluster,
  name: string,
  namespace: string,
): Promise<void> {
  await cluster.kubectl(['create', 'namespace', namespace]);
  const labels = {
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/version': '0.14.0',
  };
  const made = await cluster.admin.create({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'c', image: 'c:1' }] },
      },
    },
  });
  await cluster.admin.replace(
    {
      ...made,
      status: { replicas: 1, readyReplicas: 1, availableReplicas: 1 },
    },
    'status',
  );
}
