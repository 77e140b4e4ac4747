import {
  isMap,
  isSeq,
  parseAllDocuments,
  type Document,
  type YAMLMap,
} from 'yaml';
import type { LinkAddress } from '../link/types';
import type { ClusterConfig } from '../schema/openapi/generated/models';

/** What differs between two clusters' manifests. */
export interface JoinManifestValues {
  address: LinkAddress;
  joinToken: string;
  novaClusterId: string;
  config: ClusterConfig;
}

/**
 * Fills manifests/operator.yaml for one cluster: `kubectl apply -f -` takes the result as it is.
 *
 * It is filled object by object, never by replacing text, so that no value can become something else than a value.
 *
 * @throws Error where the template lacks an object that has to be filled: a bug, found by the tests.
 */
export function renderJoinManifest(
  template: string,
  values: JoinManifestValues,
): string {
  const { address, config } = values;
  const documents = parseAllDocuments(template) as Document[];
  const deployment = find(documents, 'Deployment', 'kubenova-operator');
  setEnv(deployment, {
    NOVA_MANAGER_URL: address.publicUrl,
    NOVA_CLUSTER_ID: values.novaClusterId,
    TARGET_STORAGE_CLASS: config.targetStorageClass ?? '',
    TARGET_LB_ANNOTATIONS: JSON.stringify(config.targetLbAnnotations ?? {}),
    NOVA_CAPS_PROX_URL: config.capsuleProxyUrl ?? '',
  });
  setJournal(documents, deployment, config.targetStorageClass);
  setData(find(documents, 'Secret', 'kubenova-join'), 'stringData', {
    token: values.joinToken,
  });
  setData(find(documents, 'ConfigMap', 'kubenova-manager'), 'data', {
    'ca.crt': address.caPem,
    'installation-id': address.installationId,
  });
  return documents
    .filter(document => document.contents !== null)
    .map(document => document.toString({ directives: false }))
    .join('---\n');
}

function find(documents: Document[], kind: string, name: string): Document {
  const found = documents.find(
    document =>
      document.get('kind') === kind &&
      document.getIn(['metadata', 'name']) === name,
  );
  if (!found) {
    throw new Error(`manifests/operator.yaml has no ${kind} named ${name}`);
  }
  return found;
}

/** The entry of a list that is named so, as Kubernetes names containers, variables and volumes. */
function named(list: unknown, name: string): YAMLMap {
  const item =
    isSeq(list) &&
    list.items.find(entry => isMap(entry) && entry.get('name') === name);
  if (!isMap(item)) {
    throw new Error(`manifests/operator.yaml has no list entry named ${name}`);
  }
  return item;
}

function setEnv(deployment: Document, env: Record<string, string>): void {
  const container = named(
    deployment.getIn(['spec', 'template', 'spec', 'containers']),
    'operator',
  );
  for (const [name, value] of Object.entries(env)) {
    named(container.get('env'), name).set('value', value);
  }
}

/** The journal lies on a volume of the cluster's StorageClass, or, where none is named, in the pod. */
function setJournal(
  documents: Document[],
  deployment: Document,
  storageClass: string | undefined,
): void {
  const volumes = deployment.getIn(['spec', 'template', 'spec', 'volumes']);
  const volume = named(volumes, 'journal');
  const claim = documents.findIndex(
    document => document.get('kind') === 'PersistentVolumeClaim',
  );
  if (claim < 0) {
    throw new Error('manifests/operator.yaml has no PersistentVolumeClaim');
  }
  if (storageClass) {
    const claimName = documents[claim].getIn(['metadata', 'name']);
    documents[claim].setIn(['spec', 'storageClassName'], storageClass);
    volume.delete('emptyDir');
    volume.set('persistentVolumeClaim', { claimName });
  } else {
    documents.splice(claim, 1);
    volume.delete('persistentVolumeClaim');
    volume.set('emptyDir', {});
  }
}

function setData(
  document: Document,
  field: 'data' | 'stringData',
  data: Record<string, string>,
): void {
  document.delete('data');
  document.set(field, data);
}
