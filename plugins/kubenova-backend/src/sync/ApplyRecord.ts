import { DateTime } from 'luxon';
import type { ApplyOutcome } from '../link/types';

/** What the operator last told about the applying of an object: the columns `apply_*`, `applied_generation` and `last_synced_at`. */
export interface ApplyRecord {
  /** The generation that the outcome is about; 0 before the first. */
  generation: number;
  outcome?: ApplyOutcome;
  message?: string;
  /** The newest generation that the cluster has taken. */
  appliedGeneration?: number;
  lastSyncedAt?: DateTime;
}

/** The same as columns, as the driver gives them: bigint as string. */
export interface ApplyColumns {
  apply_generation: string;
  apply_outcome: ApplyOutcome | null;
  apply_message: string | null;
  applied_generation: string | null;
  last_synced_at: Date | null;
}

export function toApplyRecord(row: ApplyColumns): ApplyRecord {
  return {
    generation: Number(row.apply_generation),
    outcome: row.apply_outcome ?? undefined,
    message: row.apply_message ?? undefined,
    appliedGeneration:
      row.applied_generation === null
        ? undefined
        : Number(row.applied_generation),
    lastSyncedAt: row.last_synced_at
      ? DateTime.fromJSDate(row.last_synced_at, { zone: 'utc' })
      : undefined,
  };
}
