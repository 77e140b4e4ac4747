/**
 * What the domains (clusters, tenants, applications, usage) and the link know of each other.
 *
 * The link knows no domain: it moves desired state down and events up. A domain writes desired state through an {@link Outbox} and
 * receives events through {@link EventHandler}s, both within a transaction that is the caller's, so that a change and its
 * message are one.
 */
import type { Knex } from 'knex';
import type { DateTime } from 'luxon';

export type {
  BehindDecision,
  BehindEntry,
  DesiredStateAdopter,
  HeldDesiredState,
} from './behind/types';

/** The key of one object: `cluster/config`, `tenants/<name>` or `applications/<tenant>/<name>`. */
export type DesiredStateKey = string;

/** What the Manager last wanted of a key, and how far the operator has taken it. */
export interface DesiredState {
  clusterId: string;
  key: DesiredStateKey;
  /** UUID of the object; it differs when a name is used again (D3). */
  uid: string;
  generation: number;
  /** Absent for a tombstone. */
  yaml?: string;
  tombstone: boolean;
  /** The generation that the operator has stored durably; absent before the first. */
  acceptedGeneration?: number;
  /** Set once a tombstone's object and all its children are gone (D6). */
  deletedAt?: DateTime;
}

/** The way down. */
export interface Outbox {
  /**
   * Wants an object, in the caller's transaction. Unchanged YAML of the same uid changes nothing and returns the present generation.
   *
   * @throws ConflictError where the key is still being deleted under another uid (D3), or where somebody has to decide whose word on it is
   * the last (D9); `NotFoundError` where no such cluster is.
   */
  put(
    tx: Knex.Transaction,
    state: {
      clusterId: string;
      key: DesiredStateKey;
      uid: string;
      yaml: string;
    },
  ): Promise<{ generation: number }>;

  /** Wants an object gone, in the caller's transaction. A key that was never wanted, or is gone already, answers `undefined`. */
  remove(
    tx: Knex.Transaction,
    state: { clusterId: string; key: DesiredStateKey; uid: string },
  ): Promise<{ generation: number } | undefined>;

  /**
   * Says the last word on a key once more, under a new generation and with the same bytes, where the operator could not carry it out.
   *
   * @throws ConflictError where somebody has to decide whose word on the key is the last (D9).
   */
  retry(
    tx: Knex.Transaction,
    state: { clusterId: string; key: DesiredStateKey },
  ): Promise<RetryOutcome>;

  /** What is wanted now, for keys of any clusters. Keys that are not known are left out. */
  find(
    db: Knex | Knex.Transaction,
    keys: ReadonlyArray<{ clusterId: string; key: DesiredStateKey }>,
  ): Promise<DesiredState[]>;
}

export type RetryOutcome =
  | { outcome: 'written'; generation: number }
  /** Nothing is wanted of the key. */
  | { outcome: 'unknown' }
  /** The operator has not said of the last word that it failed, was refused or waits. */
  | { outcome: 'not_failed'; last?: ApplyOutcome };

/** One fact in the manner of Kubernetes' conditions. */
export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason?: string;
  message?: string;
  lastTransitionAt?: DateTime;
}

export type ApplyOutcome =
  | 'Applied'
  | 'Waiting'
  | 'Failed'
  | 'Refused'
  | 'Deleting'
  | 'Deleted';

/** What became of one generation of one key. */
export interface ApplyResultEvent {
  type: 'applyResult';
  observedAt: DateTime;
  key: DesiredStateKey;
  uid: string;
  generation: number;
  outcome: ApplyOutcome;
  message: string;
}

export interface ComponentStatus {
  name: 'capsule' | 'capsule-proxy' | 'kubevela';
  phase: 'Pending' | 'Installing' | 'Ready' | 'Error' | 'Disabled';
  version?: string;
  message?: string;
  changedAt?: DateTime;
}

export interface ClusterStatusEvent {
  type: 'clusterStatus';
  observedAt: DateTime;
  /** 0 before the operator has its first configuration. */
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
}

export interface TenantStatusEvent {
  type: 'tenantStatus';
  observedAt: DateTime;
  tenant: string;
  uid: string;
  generation: number;
  phase: 'Pending' | 'Provisioning' | 'Ready' | 'Error' | 'Deleting';
  namespaces: string[];
  conditions: Condition[];
}

export interface ApplicationStatusEvent {
  type: 'applicationStatus';
  observedAt: DateTime;
  tenant: string;
  application: string;
  /** Empty for an application that the Manager did not make. */
  uid: string;
  /** Health counts for this generation only (E3). */
  generation: number;
  health: 'Progressing' | 'Healthy' | 'Degraded' | 'Unknown';
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
}

/** One hour of one tenant's usage: a record, which none supersedes (E8). */
export interface UsageRecordEvent {
  type: 'usageRecord';
  observedAt: DateTime;
  tenant: string;
  /** The start, in UTC, on the full hour. */
  hour: DateTime;
  incarnation: string;
  /** Bit n is minute n. */
  minutes: bigint;
  meters: Array<{
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
  }>;
}

/** One step in the life of an object: a record, which none supersedes (E8). */
export interface LifecycleRecordEvent {
  type: 'lifecycleRecord';
  observedAt: DateTime;
  /** UUID of the step: a record that comes twice counts once. */
  id: string;
  key: DesiredStateKey;
  uid: string;
  generation: number;
  /** Such as `Applied`, `Deleted`, `Healthy` or `Degraded`. */
  step: string;
  message: string;
}

/** Entries that an operator gave up for want of space (E10): a record. */
export interface GapRecordEvent {
  type: 'gapRecord';
  observedAt: DateTime;
  /** How many. */
  dropped: number;
  /** When the first and the last of them were seen. */
  since?: DateTime;
  until?: DateTime;
  /** What they were, such as `lifecycle`. */
  kind: string;
}

/** What an operator tells, in the domains' words: generated types do not leave the link. */
export type LinkEvent =
  | ApplyResultEvent
  | ClusterStatusEvent
  | TenantStatusEvent
  | ApplicationStatusEvent
  | UsageRecordEvent
  | LifecycleRecordEvent
  | GapRecordEvent;

/**
 * Where an event stands among those of its cluster: the epoch of its session, then its sequence. Postgres compares arrays in the same
 * way, so a `bigint[]` column keeps it.
 */
export type EventPosition = readonly [epoch: number, seq: number];

/** An event with where it comes from. */
export interface OperatorEvent<T extends LinkEvent = LinkEvent> {
  cluster: { id: string; name: string };
  /** Life of the operator's journal. */
  incarnation: string;
  position: EventPosition;
  event: T;
}

/** Something that changed and that pages, catalog and others may want to read again. */
export type ChangedRef =
  | { kind: 'cluster'; name: string }
  | { kind: 'tenant'; name: string }
  | { kind: 'application'; id: string; tenant: string; name: string }
  | { kind: 'usage'; tenant: string };

/**
 * Projects the events of its types on its domain's tables, in the ingest's transaction. Must be idempotent and must never go backwards
 * (E3): an event of an older generation, of another uid, or of an earlier position than what is there (a replay, E9), changes
 * nothing.
 */
export interface EventHandler<T extends LinkEvent = LinkEvent> {
  readonly types: ReadonlyArray<T['type']>;
  /**
   * Takes events of any number of clusters at once, those of one cluster in their order: a few statements for all of them, for
   * statements are what the ingest's time goes into (E5). What is thrown rolls all of them back; those of a cluster may then come
   * again alone.
   */
  handle(
    tx: Knex.Transaction,
    events: ReadonlyArray<OperatorEvent<T>>,
  ): Promise<ChangedRef[]>;
}

/** Hears that a snapshot is complete, in the transaction that acknowledges its end (E7). */
export interface SnapshotListener {
  /**
   * Everything that the operator has was told between the two marks: marks the rows of that cluster as not observed whose last event is
   * older than `begin`.
   */
  snapshotEnded(
    tx: Knex.Transaction,
    snapshot: { cluster: { id: string; name: string }; begin: EventPosition },
  ): Promise<ChangedRef[]>;
}

/** Hears of sessions, in the transaction that opens them. */
export interface SessionListener {
  opened(
    tx: Knex.Transaction,
    session: {
      clusterId: string;
      operatorVersion: string;
      kubernetesVersion: string;
      remoteAddress: string;
      at: DateTime;
    },
  ): Promise<ChangedRef[]>;
}

/** What became of an attempt to enrol (S7). */
export type EnrollOutcome =
  | { outcome: 'enrolled'; clusterName: string }
  | {
      outcome: 'refused';
      reason:
        | 'unknown_cluster'
        | 'unknown_token'
        | 'expired_token'
        | 'used_token'
        | 'revoked_key';
      message: string;
    };

/** A cluster, and who may open a session as its operator (S7). */
export interface KnownOperator {
  clusterId: string;
  name: string;
  /** Raw Ed25519, 32 bytes each: the present key and, during a rotation, the next one. Empty where no operator may come in. */
  keys: readonly Uint8Array[];
  /** No key is good because the last one was revoked, rather than because no operator has enrolled yet. */
  revoked: boolean;
}

/** Who may open a session: kept by the clusters domain, asked by the gateway. */
export interface OperatorRegistry {
  /** Binds a token to a public key (raw Ed25519, 32 bytes), once; the same key may repeat it until the token expires. */
  enroll(request: {
    joinToken: string;
    novaClusterId: string;
    publicKey: Uint8Array;
  }): Promise<EnrollOutcome>;

  /** The cluster of that NOVA_CLUSTER_ID, or `undefined` where there is none. */
  find(novaClusterId: string): Promise<KnownOperator | undefined>;

  /**
   * Settles which key the operator has, in the transaction that opens a session and holds its link row: a next key that signed the Hello
   * becomes the present one, and the one before is forgotten. `undefined` where the key was revoked or replaced meanwhile.
   */
  settleKey(
    tx: Knex.Transaction,
    key: { clusterId: string; publicKey: Uint8Array },
  ): Promise<'present' | 'next' | undefined>;

  /** Keeps the next key beside the present one, in a transaction that holds the link row. `false` where it was revoked before. */
  keepNextKey(
    tx: Knex.Transaction,
    key: { clusterId: string; publicKey: Uint8Array },
  ): Promise<boolean>;

  /** The manifest for the bearer of a join token: `kubectl apply -f -` takes it as it is. */
  joinManifest(
    joinToken: string,
  ): Promise<
    | { outcome: 'ok'; manifest: string }
    | { outcome: 'refused'; message: string }
  >;
}

/** What clusters show of their link; kept by the link, asked by the clusters domain. */
export interface LinkStates {
  find(
    db: Knex | Knex.Transaction,
    clusterIds: readonly string[],
  ): Promise<
    Array<{
      clusterId: string;
      /** Silent for 30 s or more (S2); false before the first session. */
      stale: boolean;
      /** Absent before the first session. */
      lastSeenAt?: DateTime;
      /** Two operators take the link from each other (S1). */
      contested: boolean;
      /** Set while the Manager has lost its past of keys, and nobody has decided about them (D9): nothing is sent then. */
      behind?: { since: DateTime; keys: number };
    }>
  >;
}

/** What becomes of acknowledged events when the database fails (E6). */
export type Durability =
  /** They are flushed on a standby before they are acknowledged. */
  | 'replicated'
  /** There is one copy, and it is flushed. */
  | 'single'
  /** A standby that takes over, or a crash, may lack the last ones. */
  | 'may_lose_on_failover';

/** Knows how durable an acknowledgement is; kept by each replica. */
export interface LinkDurability {
  /** As of the last minute; `undefined` before the first look. */
  current(): Durability | undefined;
}

/** Ends sessions on behalf of the domains. */
export interface LinkFence {
  /**
   * Ends whatever session a cluster has, within a period of heartbeats: from the commit on, none of an earlier epoch can write (S7). In
   * the caller's transaction, before it writes rows that the ingest writes too.
   */
  fence(tx: Knex.Transaction, clusterId: string, reason: string): Promise<void>;
}

/** What became of a wish for a new key. */
export type RotationRequest =
  | { outcome: 'requested'; requestedAt: DateTime }
  /** The operator that was seen last can't make one. */
  | { outcome: 'unsupported' };

/** Has operators replace their keys on behalf of the domains (S7). */
export interface LinkRotations {
  /**
   * Wishes for a new key, durably; the operator is asked when it has a session. A wish that is not met yet stays as it is. In the caller's
   * transaction, before it writes rows that the ingest writes too.
   */
  request(tx: Knex.Transaction, clusterId: string): Promise<RotationRequest>;
}

/** How an operator reaches this Manager, for join manifests. */
export interface LinkAddress {
  /** `https://host:port`. */
  publicUrl: string;
  /** UUID of this installation. */
  installationId: string;
  /** The CA that operators pin, in PEM. */
  caPem: string;
  /** The listener's public key as curl's --pinnedpubkey takes it: `sha256//…`. */
  pinnedKey: string;
}

/** Takes refs of what changed, after the commit: a nudge, never data. */
export interface ChangeNotifier {
  changed(refs: readonly ChangedRef[]): void;
}
