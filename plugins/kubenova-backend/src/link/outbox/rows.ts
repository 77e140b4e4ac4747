import { DateTime } from 'luxon';
import { ApplyOutcome, DesiredState } from '../types';

/** A row of `desired_states` as the driver gives it: bigint as string, bytea as Buffer. */
export interface DesiredStateRow {
  cluster_id: string;
  key: string;
  uid: string;
  generation: string;
  tombstone: boolean;
  yaml: string | null;
  sha256: Buffer | null;
  accepted_generation: string | null;
  deleted_at: Date | null;
  outcome: ApplyOutcome | null;
  result_generation: string | null;
  next_uid: string | null;
  next_yaml: string | null;
}

export function toDesiredState(row: DesiredStateRow): DesiredState {
  return {
    clusterId: row.cluster_id,
    key: row.key,
    uid: row.uid,
    generation: Number(row.generation),
    yaml: row.yaml ?? undefined,
    tombstone: row.tombstone,
    acceptedGeneration:
      row.accepted_generation === null
        ? undefined
        : Number(row.accepted_generation),
    deletedAt: row.deleted_at
      ? DateTime.fromJSDate(row.deleted_at, { zone: 'utc' })
      : undefined,
  };
}
