import type { DateTime } from 'luxon';
import type { ApplicationStatusEvent, Condition } from '../link/types';
import type { ApplyRecord } from '../sync';

export type Health = ApplicationStatusEvent['health'];

/** An application in one placement. */
export interface Deployment {
  /** Also the uid of its desired state. */
  id: string;
  applicationId: string;
  placementId: string;
  cluster: { id: string; name: string };
  revision: number;
  /** When its deletion was asked for; the row goes when the cluster has confirmed it. */
  deletingAt?: DateTime;
  health: Health;
  healthMessage?: string;
  /** KubeVela's own word. */
  phase?: string;
  components: ApplicationStatusEvent['components'];
  steps: ApplicationStatusEvent['steps'];
  conditions: Condition[];
  /** The generation that health and what follows it are about; 0 before the operator told any. */
  statusGeneration: number;
  /** When a snapshot ended that did not name it; absent once it was heard of again (E7). */
  notObservedAt?: DateTime;
  apply: ApplyRecord;
}

export interface Application {
  id: string;
  tenant: { id: string; name: string };
  name: string;
  /** The newest. */
  revision: number;
  /** Of the newest revision, as the user gave it. */
  yaml: string;
  /** When its deletion was asked for; the row goes when its last deployment has gone. */
  deletingAt?: DateTime;
  version: number;
  /** An entity reference, or a service. */
  createdBy: string;
  createdAt: DateTime;
  updatedAt: DateTime;
}

export interface ApplicationRevision {
  revision: number;
  yaml: string;
  createdBy: string;
  createdAt: DateTime;
}
