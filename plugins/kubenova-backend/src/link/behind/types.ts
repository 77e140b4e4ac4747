import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import type { ChangedRef, DesiredStateKey } from '../types';
import type { Difference } from './compareDigest';

/** A desired state as an operator holds it. */
export interface HeldDesiredState {
  key: DesiredStateKey;
  /** UUID of the object, which the datacenter knows it by. */
  uid: string;
  generation: number;
  /** Absent for a tombstone. */
  yaml?: string;
}

/**
 * Takes over, for a domain, what a datacenter has and the Manager forgot (D9). Asked and told in the transaction in which the desired state
 * becomes the Manager's own, after the link row was locked.
 */
export interface DesiredStateAdopter {
  /** Whether the key is one of the domain's. */
  adopts(key: DesiredStateKey): boolean;

  /**
   * Why a state can't be adopted, in a sentence that says what to do; `undefined` where it can.
   *
   * @param alongside - keys that would be adopted before it.
   */
  refusal(
    tx: Knex.Transaction,
    cluster: { id: string; name: string },
    state: HeldDesiredState,
    alongside: ReadonlySet<DesiredStateKey>,
  ): Promise<string | undefined>;

  /**
   * Makes the domain's rows what the state says, or updates them: the object of the key has this uid now, and a tombstone's is being
   * deleted.
   */
  adopt(
    tx: Knex.Transaction,
    cluster: { id: string; name: string },
    state: HeldDesiredState,
    by: { actor: string; at: DateTime },
  ): Promise<ChangedRef[]>;
}

/** A key of which the operator holds something that the Manager does not know of. */
export interface BehindEntry {
  key: DesiredStateKey;
  difference: Difference;
  foundAt: DateTime;
  /** Whether `operator.yaml` is known; an operator without the capability "held-states" never tells it. */
  isRead: boolean;
  operator: HeldDesiredState & { deleted: boolean };
  /** Absent where the Manager does not know the key. */
  manager?: HeldDesiredState & { deleted: boolean };
  /** Why it can't be adopted; absent where it can. */
  refusal?: string;
  /** Changes with everything that a decision is based on. */
  etag: string;
}

export type BehindDecision = 'adopt' | 'overwrite';
