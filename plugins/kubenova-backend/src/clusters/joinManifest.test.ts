import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { renderJoinManifest, type JoinManifestValues } from './joinManifest';

const TEMPLATE = readFileSync(
  resolvePackagePath(
    '@kubenova/plugin-kubenova-backend',
    'manifests/operator.yaml',
  ),
  'utf8',
);
const VALUES: JoinManifestValues = {
  address: {
    publicUrl: 'https://nova.example:7443',
    installationId: '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed',
    caPem: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
    pinnedKey: 'sha256//x',
  },
  joinToken: 'knj_token',
  novaClusterId: '7d444840-9dc0-11d1-b245-5ffdce74fad2',
  config: {
    installCapsule: true,
    installCapsuleProxy: true,
    installKubeVela: true,
    kubeVelaProfile: 'default',
    targetStorageClass: 'local',
    targetLbAnnotations: { 'x.io/a': '": {}\n- # }' },
  },
};

type KubeObject = {
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
  stringData?: Record<string, string>;
  spec?: any; // of several kinds
};

function rendered(values: Partial<JoinManifestValues> = {}): KubeObject[] {
  const manifest = renderJoinManifest(TEMPLATE, { ...VALUES, ...values });
  return parseAllDocuments(manifest).map(document => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
}
const find = (objects: KubeObject[], kind: string, name: string) =>
  objects.filter(o => o.kind === kind && o.metadata.name === name);
const podOf = (objects: KubeObject[]) =>
  find(objects, 'Deployment', 'kubenova-operator')[0].spec.template.spec;

describe('renderJoinManifest', () => {
  it('tells the operator where the Manager is and who it is itself', () => {
    const [operator] = podOf(rendered()).containers;
    const env = Object.fromEntries(
      operator.env.map((e: { name: string; value?: string }) => [
        e.name,
        e.value,
      ]),
    );
    expect(env).toMatchObject({
      NOVA_MANAGER_URL: 'https://nova.example:7443',
      NOVA_CLUSTER_ID: VALUES.novaClusterId,
      TARGET_STORAGE_CLASS: 'local',
      NOVA_CAPS_PROX_URL: '',
    });
    expect(JSON.parse(env.TARGET_LB_ANNOTATIONS)).toEqual(
      VALUES.config.targetLbAnnotations,
    );
  });

  it('carries the token, the CA and the installation id', () => {
    const objects = rendered();
    expect(find(objects, 'Secret', 'kubenova-join')).toMatchObject([
      { stringData: { token: 'knj_token' } },
    ]);
    expect(find(objects, 'ConfigMap', 'kubenova-manager')).toMatchObject([
      {
        data: {
          'ca.crt': VALUES.address.caPem,
          'installation-id': VALUES.address.installationId,
        },
      },
    ]);
  });

  it('never contains the Secret of the operator key', () => {
    expect(find(rendered(), 'Secret', 'kubenova-operator-key')).toEqual([]);
  });

  it('puts the journal on a volume of the StorageClass', () => {
    const objects = rendered();
    const claims = objects.filter(o => o.kind === 'PersistentVolumeClaim');
    expect(claims).toMatchObject([{ spec: { storageClassName: 'local' } }]);
    expect(podOf(objects).volumes).toContainEqual({
      name: 'journal',
      persistentVolumeClaim: { claimName: claims[0].metadata.name },
    });
  });

  it('puts the journal into the pod where no StorageClass is named', () => {
    const objects = rendered({
      config: { ...VALUES.config, targetStorageClass: undefined },
    });
    expect(objects.filter(o => o.kind === 'PersistentVolumeClaim')).toEqual([]);
    expect(podOf(objects).volumes).toContainEqual({
      name: 'journal',
      emptyDir: {},
    });
  });

  it('leaves everything else as it is in the template', () => {
    const kinds = (objects: KubeObject[]) =>
      objects.map(o => `${o.kind}/${o.metadata.name}`);
    const template = parseAllDocuments(TEMPLATE).map(d => d.toJS());
    expect(kinds(rendered())).toEqual(kinds(template));
  });

  it('says what a template lacks', () => {
    expect(() => renderJoinManifest('kind: Pod', VALUES)).toThrow(
      'manifests/operator.yaml has no Deployment named kubenova-operator',
    );
  });
});
