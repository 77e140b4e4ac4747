import type { DateTime } from 'luxon';

/** One step in the life of an object, as an operator saw it (E8). */
export interface LifecycleStep {
  type: 'step';
  id: string;
  observedAt: DateTime;
  key: string;
  uid: string;
  generation: number;
  /** Such as `Applied`, `Deleted`, `Healthy` or `Degraded`. */
  step: string;
  message: string;
}

/** Entries that an operator gave up for want of space (E10): what they told is lost, and that it is lost is told. */
export interface LifecycleGap {
  type: 'gap';
  id: string;
  observedAt: DateTime;
  dropped: number;
  since?: DateTime;
  until?: DateTime;
  kind: string;
}

export type LifecycleEntry = LifecycleStep | LifecycleGap;
