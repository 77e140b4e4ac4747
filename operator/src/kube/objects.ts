/** An object of any kind, as far as every object is the same. */
export type KubeObject = {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec?: JsonObject;
  status?: JsonObject;
  [field: string]: unknown;
};

export type ObjectMeta = {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  managedFields?: ManagedFields[];
};

export type OwnerReference = {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
};

export type ManagedFields = {
  manager?: string;
  operation?: string;
  subresource?: string;
  time?: string;
  fieldsV1?: JsonObject;
};

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | JsonValue[]
  | JsonObject;
export type JsonObject = { [field: string]: JsonValue };

/** Where an object is. */
export type ObjectRef = { namespace?: string; name: string };

/** The objects of one page-wise read list, at one resourceVersion. */
export type ObjectList<T extends KubeObject = KubeObject> = {
  items: T[];
  resourceVersion: string;
};

/** `namespace/name`, or the name alone of cluster-scoped objects. */
export function objectKey(object: { metadata: ObjectRef }): string {
  const { namespace, name } = object.metadata;
  return namespace ? `${namespace}/${name}` : name;
}
