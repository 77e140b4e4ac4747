/**
 * The third wall: the admission policies, against a real API server. KubeVela's and Capsule's webhooks are absent, which is what the policies must not depend on
 * (T2); what KubeVela's webhook does to an Application, stamping the writer's name, the tests do themselves.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { KubeObject, KubeClient } from '../kube/index.ts';
import { eventually } from '../testing/eventually.ts';
import { TestCluster } from '../testing/TestCluster.ts';
import { COMPONENTS } from './components/definitions.ts';
import { installerJob } from './installer/installerJob.ts';
import { planRelease } from './installer/releasePlans.ts';
import type { ReleaseAction } from './installer/releasePlans.ts';

const OWNER = 'system:serviceaccount:acme-owner:acme-owner';
const IMAGE = 'kubenova.local/operator:0.1.0';

const NAMESPACES = `
apiVersion: v1
kind: Namespace
metadata: { name: acme-apps, labels: { capsule.clastix.io/tenant: acme } }
---
apiVersion: v1
kind: Namespace
metadata: { name: acme-owner, labels: { kubenova.io/tenant: acme } }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: test-owner }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: kubenova-tenant-owner }
subjects: [{ kind: ServiceAccount, name: acme-owner, namespace: acme-owner }]
`;

function application(
  name: string,
  annotations: Record<string, string>,
  spec: object = {},
): KubeObject {
  return {
    apiVersion: 'core.oam.dev/v1beta1',
    kind: 'Application',
    metadata: { name, namespace: 'acme-apps', annotations },
    spec: {
      components: [{ name: 'web', type: 'webservice', properties: {} }],
      ...spec,
    },
  };
}

const STAMPED = { 'app.oam.dev/username': OWNER, 'app.oam.dev/group': '' };

describe('admission policies', () => {
  let cluster: TestCluster;
  let owner: KubeClient;

  before(async () => {
    cluster = await TestCluster.start({ charts: ['vela-core'] });
    await cluster.prepare();
    await cluster.kubectl(['apply', '-f', '-'], NAMESPACES);
    owner = cluster.admin.asUser(OWNER);
    // A new policy takes a moment to be enforced.
    await eventually(() =>
      refused(cluster.admin.create(application('probe', {}))),
    );
  });

  after(() => cluster?.stop());

  async function refused(
    attempt: Promise<unknown>,
    reason = /denied request/,
  ): Promise<void> {
    await assert.rejects(attempt, reason);
  }

  describe('on Applications', () => {
    it("let a tenant's owner write its own", async () => {
      const made = await owner.create(application('web', STAMPED));
      made.metadata.labels = { changed: 'yes' };
      assert.ok(await owner.replace(made));
    });

    it('refuse whoever else writes, whom KubeVela would lend its rights to', async () => {
      const collector =
        'system:serviceaccount:kube-system:generic-garbage-collector';
      const made = await owner.create(application('attacked', STAMPED));
      // What the garbage collector's orphaning patch would leave behind: the Application, stamped as itself.
      await refused(
        cluster.admin.replace({
          ...made,
          metadata: {
            ...made.metadata,
            annotations: { 'app.oam.dev/username': collector },
          },
        }),
        /is written as its owner only/,
      );
      for (const name of ['kubernetes-admin', OWNER.replace('acme', 'other')]) {
        await refused(
          cluster.admin.create(
            application('stamped', { 'app.oam.dev/username': name }),
          ),
          /is written as its owner only/,
        );
      }
    });

    it('refuse groups and accounts that would raise its rights', async () => {
      await refused(
        owner.create(
          application('grouped', {
            ...STAMPED,
            'app.oam.dev/group': 'kubevela:admins',
          }),
        ),
        /app\.oam\.dev\/group/,
      );
      await refused(
        owner.create(
          application('account', {
            ...STAMPED,
            'app.oam.dev/service-account-name': 'default',
          }),
        ),
        /service-account-name/,
      );
    });

    it('refuse definitions that act with the identity of KubeVela', async () => {
      const specs: Array<[object, RegExp]> = [
        [
          { components: [{ name: 'r', type: 'ref-objects', properties: {} }] },
          /components of these types only/,
        ],
        [
          {
            components: [
              {
                name: 'w',
                type: 'webservice',
                properties: {},
                traits: [{ type: 'service-account', properties: {} }],
              },
            ],
          },
          /traits of these types only/,
        ],
        [
          { policies: [{ name: 'mine', type: 'take-over', properties: {} }] },
          /policies of these types only/,
        ],
        [
          { workflow: { steps: [{ name: 'call', type: 'request' }] } },
          /workflow steps of these types only/,
        ],
        [
          {
            workflow: {
              steps: [
                {
                  name: 'group',
                  type: 'step-group',
                  subSteps: [{ name: 'call', type: 'webhook' }],
                },
              ],
            },
          },
          /workflow steps of these types only/,
        ],
        [{ workflow: { ref: 'elsewhere' } }, /spec\.workflow\.ref/],
      ];
      for (const [spec, reason] of specs) {
        await refused(
          owner.create(application('defined', STAMPED, spec)),
          reason,
        );
      }
    });

    it('leave namespaces alone that are no tenant’s', async () => {
      const own = application('free', {});
      own.metadata.namespace = 'default';
      assert.ok(await cluster.admin.create(own));
    });
  });

  describe('on RoleBindings in a tenant’s namespace', () => {
    const binding = (name: string, subject: object): KubeObject => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name, namespace: 'acme-apps' },
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: 'kubenova-tenant-viewer',
      },
      subjects: [subject],
    });
    const account = (namespace: string) => ({
      kind: 'ServiceAccount',
      name: 'robot',
      namespace,
    });
    const person = (kind: string, name: string) => ({
      apiGroup: 'rbac.authorization.k8s.io',
      kind,
      name,
    });

    it('let it name people and its own accounts', async () => {
      assert.ok(await owner.create(binding('own', account('acme-apps'))));
      assert.ok(await owner.create(binding('jo', person('User', 'jo'))));
    });

    it('refuse the accounts of KubeNova, of other tenants, and everyone', async () => {
      for (const subject of [
        account('acme-owner'),
        account('kubenova-system'),
        account('globex-apps'),
        account('acmeother-apps'),
        person('User', 'system:serviceaccount:globex-apps:robot'),
        person('Group', 'system:serviceaccounts'),
        person('Group', 'system:authenticated'),
      ]) {
        await refused(owner.create(binding('foreign', subject)));
      }
    });
  });

  describe('on the namespaces of tenants', () => {
    const patch = (key: string, value: string | null, field = 'labels') =>
      cluster.kubectl([
        'patch',
        'namespace',
        'acme-owner',
        '--as=jo',
        '--type=merge',
        `--patch=${JSON.stringify({
          metadata: { [field]: { [key]: value } },
        })}`,
      ]);

    before(() =>
      cluster.kubectl([
        'create',
        'clusterrolebinding',
        'jo',
        '--clusterrole=cluster-admin',
        '--user=jo',
      ]),
    );

    it('let labels of other people be changed', async () => {
      assert.match(await patch('team', 'blue'), /patched/);
    });

    it('keep whose they are and how their pods are confined, at every moment', async () => {
      const pods = 'pod-security.kubernetes.io/enforce';
      await refused(patch(pods, 'privileged'), /Leave the namespace's labels/);
      await refused(patch('kubenova.io/tenant', 'globex'), /Leave/);
      await refused(patch('kubenova.io/tenant', null), /Leave/);
      await refused(patch('capsule.clastix.io/tenant', 'globex'), /Leave/);
      await refused(
        patch('kubenova.io/placement-uid', 'x', 'annotations'),
        /Leave the namespace's annotations/,
      );
    });
  });

  describe('bound the operator', () => {
    const namespace = (name: string, tenant?: string): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name,
        ...(tenant && { labels: { 'kubenova.io/tenant': tenant } }),
      },
    });

    it('to namespaces of tenants', async () => {
      for (const object of [
        namespace('anything'),
        namespace('anything', 'anything'),
        namespace('globex-system', 'globex'),
      ]) {
        await refused(
          cluster.operator.create(object),
          /makes only the namespaces of tenants/,
        );
      }
      await refused(
        cluster.operator.apply(namespace('kube-system', 'kube-system'), {
          force: true,
        }),
        /changes only the namespaces of tenants/,
      );
      assert.ok(
        await cluster.operator.create(namespace('globex-owner', 'globex')),
      );
    });

    it('to accounts and bindings in the namespaces of accounts', async () => {
      const binding = (where: string): KubeObject => ({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'accounts', namespace: where },
        roleRef: {
          apiGroup: 'rbac.authorization.k8s.io',
          kind: 'ClusterRole',
          name: 'kubenova-tenant-accounts',
        },
        subjects: [
          {
            kind: 'ServiceAccount',
            name: 'kubenova-operator',
            namespace: 'kubenova-system',
          },
        ],
      });
      for (const where of ['kube-system', 'kubenova-installer', 'acme-apps']) {
        await refused(
          cluster.operator.create(binding(where)),
          /only in the namespaces <tenant>-owner|denied request/,
        );
      }
      assert.ok(await cluster.operator.create(binding('acme-owner')));
    });

    it('by its rights: no policy that bounds it, no Secret, no Pod', async () => {
      const forbidden = /forbidden/;
      await refused(
        cluster.operator.apply(
          {
            apiVersion: 'admissionregistration.k8s.io/v1',
            kind: 'ValidatingAdmissionPolicy',
            metadata: { name: 'kubenova-operator-bounds' },
            spec: {},
          },
          { force: true },
        ),
        forbidden,
      );
      await refused(
        cluster.operator.create({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'pod', namespace: 'kubenova-installer' },
        }),
        forbidden,
      );
    });
  });

  describe('on installer Jobs', () => {
    const assets = {
      crdsDir: '/app/crds',
      policiesDir: '/app/policies',
      chartsDir: '/app/charts',
      valuesDir: '/app/values',
    };
    const spec = {
      installCapsule: true,
      installCapsuleProxy: true,
      installKubeVela: true,
      targetLbAnnotations: { 'lb.example/name': 'proxy "one"' },
    };
    const files = new Map(
      COMPONENTS.map(({ name, chartPrefix }) => [
        name as string,
        { chart: `${chartPrefix}1.0.0.tgz`.replace('-01', '-1'), values: '' },
      ]),
    );

    function job(component = COMPONENTS[0], action: ReleaseAction = 'install') {
      const plan = planRelease({ component, files, assets, spec });
      assert.ok(plan);
      return installerJob({ plan, action, image: IMAGE });
    }

    it('let the operator run every command that it has', async () => {
      for (const component of COMPONENTS) {
        for (const action of ['install', 'rollback', 'uninstall'] as const) {
          assert.ok(await cluster.operator.create(job(component, action)));
        }
      }
    });

    it('refuse any other image, command, argument, environment or volume', async () => {
      type Container = {
        image: string;
        command: string[];
        args: string[];
        env: object[];
      };
      type PodSpec = {
        containers: Container[];
        initContainers?: object[];
        volumes: object[];
      };
      const changes: Array<(pod: PodSpec, container: Container) => void> = [
        (_, container) => (container.image = 'evil:1'),
        (_, container) => (container.command = ['/bin/sh']),
        (_, container) => container.args.push('--set=extra=1'),
        (_, container) => (container.args[3] = '/tmp/evil.tgz'),
        (_, container) => (container.args[3] = '/app/charts/../evil.tgz'),
        (_, container) => (container.args[8] = '--values=/tmp/evil.yaml'),
        (_, container) => (container.args[4] = '--namespace=kube-system'),
        (_, container) => (container.args[2] = 'evil'),
        (_, container) =>
          container.env.push({ name: 'KUBECONFIG', value: '/' }),
        pod => pod.containers.push(pod.containers[0]),
        pod => (pod.initContainers = [pod.containers[0]]),
        pod => (pod.volumes = [{ name: 'tmp', hostPath: { path: '/' } }]),
      ];
      for (const change of changes) {
        const object = job();
        const { spec: pod } = (
          object.spec as unknown as { template: { spec: PodSpec } }
        ).template;
        change(pod, pod.containers[0]);
        object.metadata.name = 'changed';
        await refused(
          cluster.operator.create(object),
          /denied request|Invalid value|Duplicate value/,
        );
      }
    });
  });
});
