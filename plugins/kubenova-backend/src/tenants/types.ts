import type { DateTime } from 'luxon';
import type { Condition, TenantStatusEvent } from '../link/types';
import type { ApplyRecord } from '../sync';

/** A tenant in one cluster. */
export interface Placement {
  /** Also the uid of its desired state. */
  id: string;
  tenantId: string;
  cluster: { id: string; name: string };
  /** When its deletion was asked for; the row goes when the cluster has confirmed it. */
  deletingAt?: DateTime;
  /** What the operator last told; absent before it did. */
  phase?: TenantStatusEvent['phase'];
  namespaces: string[];
  conditions: Condition[];
  /** The generation that phase, namespaces and conditions are about. */
  statusGeneration: number;
  /** When a snapshot ended that did not name it; absent once it was heard of again (E7). */
  notObservedAt?: DateTime;
  apply: ApplyRecord;
}

export interface Tenant {
  id: string;
  name: string;
  displayName: string;
  /** When its deletion was asked for; the row goes when its last placement has gone. */
  deletingAt?: DateTime;
  version: number;
  createdAt: DateTime;
  updatedAt: DateTime;
}
