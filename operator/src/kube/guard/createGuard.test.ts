import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Document, stringify } from 'yaml';
import { createGuard, MAX_YAML_BYTES } from './createGuard.ts';

const UID = '11111111-1111-4111-8111-111111111111';

/** An application, with the value at a path set. */
function application(path: Array<string | number> = [], value?: unknown) {
  const document = new Document({
    apiVersion: 'core.oam.dev/v1beta1',
    kind: 'Application',
    metadata: {
      name: 'web',
      namespace: 'acme-apps',
      labels: {
        'kubenova.io/tenant': 'acme',
        'kubenova.io/application-uid': UID,
      },
    },
    spec: {
      components: [
        { name: 'web', type: 'webservice', properties: { image: 'web:1' } },
      ],
    },
  });
  if (path.length > 0) {
    document.setIn(path, document.createNode(value));
  }
  return document.toString();
}

function tenant(name: string, spec: object = { uid: UID }): string {
  return stringify({
    apiVersion: 'kubenova.io/v1alpha1',
    kind: 'NovaTenant',
    metadata: { name },
    spec,
  });
}

const CONFIG = {
  apiVersion: 'kubenova.io/v1alpha1',
  kind: 'NovaClusterConfig',
  metadata: { name: 'cluster' },
  spec: {
    installCapsule: true,
    installCapsuleProxy: true,
    installKubeVela: true,
  },
};

function check(key: string, yaml?: string, heldKeys: string[] = []) {
  return createGuard({ heldKeys: () => heldKeys }).check({
    key,
    uid: UID,
    generation: 1,
    ...(yaml !== undefined && { yaml }),
  });
}

function assertRefused(
  key: string,
  yaml: string | undefined,
  reason: RegExp,
  heldKeys: string[] = [],
) {
  const outcome = check(key, yaml, heldKeys);
  assert.equal(outcome.allowed, false);
  assert.match(outcome.reason, reason);
}

describe('the guard lets pass', () => {
  it('the three kinds, each under its own key', () => {
    assert.deepEqual(check('cluster/config', stringify(CONFIG)), {
      allowed: true,
    });
    assert.deepEqual(
      check('tenants/acme', tenant('acme', { uid: UID, displayName: 'Acme' })),
      { allowed: true },
    );
    assert.deepEqual(check('applications/acme/web', application()), {
      allowed: true,
    });
  });

  it('tombstones of the three kinds', () => {
    for (const key of ['cluster/config', 'tenants/acme', 'applications/a/b']) {
      assert.deepEqual(check(key), { allowed: true });
    }
  });

  it('YAML of exactly 1.5 MiB', () => {
    const yaml = application();
    const filled = `${yaml}#${'x'.repeat(
      MAX_YAML_BYTES - Buffer.byteLength(yaml) - 2,
    )}\n`;
    assert.equal(Buffer.byteLength(filled), MAX_YAML_BYTES);
    assert.deepEqual(check('applications/acme/web', filled), { allowed: true });
  });

  it('fields that name the own namespace', () => {
    const yaml = application(
      ['spec', 'policies'],
      [
        {
          name: 'here',
          type: 'topology',
          properties: { clusters: ['local'], namespace: 'acme-apps' },
        },
      ],
    );
    assert.deepEqual(check('applications/acme/web', yaml), { allowed: true });
  });
});

describe('the guard refuses', () => {
  it('keys of any other kind', () => {
    for (const key of [
      '',
      'secrets/acme',
      'cluster/other',
      'tenants/',
      'tenants/Acme',
      'tenants/a/b',
      'applications/acme',
      'applications/acme/web/more',
      `tenants/${'a'.repeat(41)}`,
      'tenants/../cluster',
    ]) {
      assertRefused(key, undefined, /none of cluster\/config/);
    }
  });

  it('YAML of one byte more than 1.5 MiB', () => {
    const yaml = application();
    assertRefused(
      'applications/acme/web',
      `${yaml}#${'x'.repeat(MAX_YAML_BYTES - Buffer.byteLength(yaml))}`,
      /at most 1572864/,
    );
  });

  it('more than one document, none, broken ones and bombs', () => {
    const key = 'applications/acme/web';
    assertRefused(key, `${application()}---\n${application()}`, /exactly one/);
    assertRefused(key, '', /exactly one|one Kubernetes object/);
    assertRefused(key, '- a\n- b', /one Kubernetes object/);
    assertRefused(key, 'a: [', /Correct the YAML/);
    assertRefused(key, `${application()}kind: Secret\n`, /Correct the YAML/);
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (let i = 0; i < 9; i++) {
      const before = String.fromCharCode(97 + i);
      const name = String.fromCharCode(98 + i);
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(',')}]`);
    }
    assertRefused(key, bomb.join('\n'), /aliases/);
  });

  it('an object of another kind than its key', () => {
    assertRefused('applications/acme/web', tenant('acme'), /must be core.oam/);
    assertRefused('tenants/acme', application(), /must be kubenova.io/);
    assertRefused('cluster/config', tenant('cluster'), /NovaClusterConfig/);
    assertRefused(
      'tenants/acme',
      stringify({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name: 'acme' },
        spec: {},
      }),
      /must be kubenova.io\/v1alpha1 NovaTenant/,
    );
  });

  it('an object of another name, tenant or uid than its key', () => {
    assertRefused('tenants/acme', tenant('other'), /its key says "acme"/);
    assertRefused('tenants/acme', tenant('acme', { uid: 'x' }), /spec.uid/);
    const key = 'applications/acme/web';
    assertRefused(
      key,
      application(['metadata', 'name'], 'other'),
      /its key says "web"/,
    );
    for (const namespace of ['other-apps', 'acme-owner', undefined]) {
      assertRefused(
        key,
        application(['metadata', 'namespace'], namespace),
        /Set metadata.namespace to "acme-apps"/,
      );
    }
    assertRefused(
      key,
      application(['metadata', 'labels', 'kubenova.io/application-uid'], 'x'),
      /Set the label kubenova.io\/application-uid/,
    );
  });

  it('fields beyond the schema', () => {
    assertRefused(
      'cluster/config',
      stringify({ ...CONFIG, spec: { ...CONFIG.spec, values: {} } }),
      /Remove spec.values/,
    );
    assertRefused(
      'cluster/config',
      stringify({ ...CONFIG, spec: { ...CONFIG.spec, installCapsule: 'yes' } }),
      /Set spec.installCapsule to true or false/,
    );
    assertRefused(
      'tenants/acme',
      tenant('acme', { uid: UID, owners: [] }),
      /Remove spec.owners/,
    );
    assertRefused(
      'applications/acme/web',
      application(['metadata', 'ownerReferences'], []),
      /Remove metadata.ownerReferences/,
    );
  });

  it('an application that says whose rights it runs with', () => {
    for (const annotation of [
      'app.oam.dev/username',
      'app.oam.dev/group',
      'app.oam.dev/service-account-name',
    ]) {
      assertRefused(
        'applications/acme/web',
        application(['metadata', 'annotations'], {
          [annotation]: 'system:admin',
        }),
        /rights of its tenant's owner/,
      );
    }
  });

  it('a Secret, however deep', () => {
    assertRefused(
      'applications/acme/web',
      application(['spec', 'components', 1], {
        name: 'objects',
        type: 'k8s-objects',
        properties: {
          objects: [
            { apiVersion: 'v1', kind: 'List', items: [{ kind: 'Secret' }] },
          ],
        },
      }),
      /Remove the Secret at spec\.components\[1\]\.properties\.objects\[0\]\.items\[0\]\.kind/,
    );
  });

  it('another namespace, wherever it stands', () => {
    assertRefused(
      'applications/acme/web',
      application(
        ['spec', 'policies'],
        [{ type: 'topology', properties: { namespace: 'kube-system' } }],
      ),
      /spec\.policies\[0\]\.properties\.namespace/,
    );
    assertRefused(
      'applications/acme/web',
      application(
        ['spec', 'components', 0, 'properties', 'objects'],
        [{ metadata: { name: 'x', namespace: 'other-apps' } }],
      ),
      /stays in its tenant's own namespace/,
    );
    assertRefused(
      'applications/acme/web',
      application(['spec', 'workflow'], {
        namespaces: ['acme-apps', 'other-apps'],
      }),
      /spec\.workflow\.namespaces/,
    );
  });

  it("the platform's names as tenants", () => {
    for (const name of ['kube', 'kube-system', 'default', 'vela', 'capsule']) {
      assertRefused(`tenants/${name}`, tenant(name), /reserved/);
    }
  });

  it("a tenant's name that extends another's by a dash, either way", () => {
    assertRefused('tenants/acme-eu', tenant('acme-eu'), /extend one another/, [
      'tenants/acme',
    ]);
    assertRefused('tenants/acme', tenant('acme'), /extend one another/, [
      'tenants/acme-eu',
    ]);
    assert.deepEqual(
      check('tenants/acme', tenant('acme'), ['tenants/acme', 'tenants/acmeeu']),
      { allowed: true },
    );
  });
});
