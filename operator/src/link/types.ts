/**
 * What the link and the reconcilers know of each other.
 *
 * The link moves desired state down and events up, and keeps both in the journal; it knows no Kubernetes object. Reconcilers read
 * {@link DesiredStates}, put {@link Events}, and hear of snapshots; they know no frame and no session. Letters with numbers
 * (D: down, E: up, S: sessions) name the rules of docs/protocol.md.
 */
import type { DateTime } from 'luxon';

/** What the Manager last wanted of a key: `cluster/config`, `tenants/<name>` or `applications/<tenant>/<name>`. */
export type DesiredState = {
  key: string;
  generation: number;
  /** UUID of the object in the Manager; it differs when a name is used again (D3). */
  uid: string;
  /** One YAML document; absent for a tombstone. */
  yaml?: string;
};

/** What became of storing a desired state. One that is not above the held generation is not stored (D8). */
export type StoredOutcome =
  | { stored: true }
  | { stored: false; reason: string };

/** The journal's side that reconcilers use. */
export interface DesiredStates {
  /** Every state that is held, and every tombstone that is not confirmed yet. */
  list(): DesiredState[];
  get(key: string): DesiredState | undefined;
  /** The object and all its children are gone: forgets the tombstone, unless a newer generation has come meanwhile. */
  confirmDeleted(key: string, generation: number): void;
  /** Calls the listener with each key that changes, after the change is durable. Returns what ends that. */
  onChange(listener: (key: string) => void): () => void;
}

/** The way up. Durable when `put` returns. */
export interface Events {
  /** A state supersedes the waiting one of the same key; a record is never superseded. */
  put(event: OperatorEvent): void;
}

/**
 * Keys of events: `apply/<key>`, `status/cluster`, `status/tenants/<name>`, `status/applications/<tenant>/<name>`,
 * `usage/<tenant>/<hour in ISO 8601>`; the journal adds `lifecycle/<key>`, `gap/<kind>` and `snapshot/<id>`.
 */
export type OperatorEvent = {
  key: string;
  kind: 'state' | 'record';
  observedAt: DateTime;
  body: OperatorEventBody;
};

export type OperatorEventBody =
  | { case: 'applyResult'; value: ApplyResult }
  | { case: 'clusterStatus'; value: ClusterStatus }
  | { case: 'tenantStatus'; value: TenantStatus }
  | { case: 'applicationStatus'; value: ApplicationStatus }
  | { case: 'usageRecord'; value: UsageRecord }
  | { case: 'lifecycleRecord'; value: LifecycleStep };

export type ApplyOutcome =
  | 'Applied'
  | 'Waiting'
  | 'Failed'
  | 'Refused'
  | 'Deleting'
  | 'Deleted';

/** What became of one generation of one key. A later outcome of the same generation supersedes it. */
export type ApplyResult = {
  key: string;
  uid: string;
  generation: number;
  outcome: ApplyOutcome;
  /** A sentence for people; empty where there is nothing to tell. */
  message: string;
};

/** One step in the life of an object. The journal makes it of the states that it is given. */
export type LifecycleStep = {
  /** A UUID: the natural key of the record (E8). */
  id: string;
  /** The desired state's. */
  key: string;
  uid: string;
  generation: number;
  /** A word in CamelCase: an outcome, a health or a phase. */
  step: string;
  message: string;
};

/** One fact in the manner of Kubernetes' conditions. */
export type Condition = {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason?: string;
  message?: string;
  lastTransitionAt?: DateTime;
};

export type ComponentStatus = {
  name: 'capsule' | 'capsule-proxy' | 'kubevela';
  phase: 'Pending' | 'Installing' | 'Ready' | 'Error' | 'Disabled';
  version?: string;
  message?: string;
  changedAt?: DateTime;
};

export type ClusterStatus = {
  /** 0 before the first configuration. */
  generation: number;
  phase: 'Pending' | 'Installing' | 'Ready' | 'Error';
  components: ComponentStatus[];
  conditions: Condition[];
  kubernetesVersion?: string;
  operatorVersion?: string;
  capacity?: {
    nodes: number;
    readyNodes: number;
    /** In Kubernetes' notation. */
    cpu: string;
    /** In Kubernetes' notation. */
    memory: string;
  };
};

export type TenantStatus = {
  tenant: string;
  uid: string;
  generation: number;
  phase: 'Pending' | 'Provisioning' | 'Ready' | 'Error' | 'Deleting';
  namespaces: string[];
  conditions: Condition[];
};

export type ApplicationStatus = {
  tenant: string;
  application: string;
  /** Empty for an application that the Manager did not make. */
  uid: string;
  /** From the object's annotation kubenova.io/generation (E3). */
  generation: number;
  health: 'Progressing' | 'Healthy' | 'Degraded' | 'Unknown';
  /** KubeVela's .status.status. */
  phase: string;
  message: string;
  components: Array<{
    name: string;
    type?: string;
    healthy: boolean;
    message?: string;
  }>;
  steps: Array<{ name: string; phase: string; message?: string }>;
  conditions: Condition[];
  /** The object no longer exists. */
  gone: boolean;
};

/** One hour of what one tenant requested: a record, which none supersedes (E8). */
export type UsageRecord = {
  tenant: string;
  /** The start, in UTC, on the full hour. */
  hour: DateTime;
  /** Bit n is minute n. */
  minutes: bigint;
  meters: MeterReading[];
};

export type MeterReading = {
  meter:
    | 'cpu_request'
    | 'memory_request'
    | 'pvc_capacity'
    | 'load_balancers'
    | 'namespaces'
    | 'pods'
    | 'applications';
  unit: 'core-minutes' | 'byte-minutes' | 'count-minutes';
  /** A decimal number in plain notation. */
  quantity: string;
};

/** What one tenant requested in one minute. */
export type UsageSample = {
  tenant: string;
  /** In UTC, on the full minute. */
  minute: DateTime;
  /** Decimal numbers in plain notation, by meter. */
  meters: Record<string, string>;
};

/** The samples of one tenant in one hour, added up. */
export type SampledHour = {
  tenant: string;
  /** The start, in UTC, on the full hour. */
  hour: DateTime;
  /** Bit n is set where minute n has a sample. */
  minutes: bigint;
  /** Sums over the minutes seen: decimal numbers in plain notation, by meter. */
  meters: Record<string, string>;
};

/** Accumulators of usage lie in the journal, minute by minute (E8). */
export interface Samples {
  /** A minute that has a sample already keeps it: a minute counts once. */
  add(sample: UsageSample): void;
  /** Turns each hour that ended by `before` into the event that `emit` makes of it; samples and event change places in one transaction. */
  closeHours(
    before: DateTime,
    emit: (hour: SampledHour) => OperatorEvent,
  ): void;
}

/** Called before a desired state is stored: protects a datacenter from its Manager. */
export interface Guard {
  check(
    state: DesiredState,
  ): { allowed: true } | { allowed: false; reason: string };
}

/** Whoever watches objects registers here, and puts the present state of what it watches when called (E7). */
export interface Snapshots {
  /** The listener has put its events when its promise resolves. Returns what ends the registration. */
  onRequest(listener: (request: SnapshotRequest) => Promise<void>): () => void;
}

export type SnapshotRequest = {
  /** Whether the state of an event's key is asked for: all are, unless the Manager names some. */
  wants(eventKey: string): boolean;
};

/** Tells of something that is shown as a condition of the NovaClusterConfig, such as `Linked`. */
export interface ConditionSource {
  condition(): Condition;
  /** Calls the listener after each change. Returns what ends that. */
  onChange(listener: () => void): () => void;
}
