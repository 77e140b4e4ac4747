import { ConflictError } from '@backstage/errors';
import { Knex } from 'knex';
import {
  ApplyOutcome,
  DesiredState,
  DesiredStateKey,
  Outbox,
  RetryOutcome,
} from '../types';
import { lockLink } from './operations/lockLink';
import { readDesiredState } from './operations/readDesiredState';
import { refuseUndecided } from './operations/refuseUndecided';
import { setNext } from './operations/setNext';
import { writeDesiredState } from './operations/writeDesiredState';
import { DesiredStateRow, toDesiredState } from './rows';
import { sha256Of } from './sha256Of';

/** Outcomes after which it makes sense to say the same thing once more. */
const RETRIED: ReadonlySet<ApplyOutcome> = new Set([
  'Failed',
  'Refused',
  'Waiting',
]);

/**
 * The outbox in Postgres: one row a key, in the transaction of whoever wants something.
 *
 * 1. Each change takes the next generation of its cluster under the link row's lock (D1); a change that is none takes none.
 * 2. The row holds the last word only, so an operator that was away gets each key once (D3).
 * 3. A tombstone is not superseded: until the operator confirmed it, the key is reserved, under whatever uid (D3). What comes back
 *    sooner would inherit the volumes of what is being deleted.
 * 4. Nothing is written to a key while somebody has to decide whose word on it is the last (D9).
 */
export class DatabaseOutbox implements Outbox {
  async put(
    tx: Knex.Transaction,
    state: {
      clusterId: string;
      key: DesiredStateKey;
      uid: string;
      yaml: string;
    },
  ): Promise<{ generation: number }> {
    const link = await lockLink(tx, state.clusterId);
    const held = await readDesiredState(tx, state);

    if (held && !held.deleted_at) {
      if (held.tombstone && held.next_uid === state.uid) {
        await setNext(tx, state);
        return { generation: Number(held.generation) };
      }
      if (held.tombstone) {
        throw new ConflictError(
          `'${state.key}' is still being deleted; try again when the operator has confirmed that it is gone`,
        );
      }
      if (held.uid !== state.uid) {
        throw new ConflictError(
          `'${state.key}' belongs to another object; delete that one first`,
        );
      }
      if (held.sha256?.equals(sha256Of(state.yaml))) {
        return { generation: Number(held.generation) };
      }
    }

    return this.#write(tx, link, { ...state, content: { yaml: state.yaml } });
  }

  async remove(
    tx: Knex.Transaction,
    state: { clusterId: string; key: DesiredStateKey; uid: string },
  ): Promise<{ generation: number } | undefined> {
    const link = await lockLink(tx, state.clusterId);
    const held = await readDesiredState(tx, state);
    if (held?.next_uid === state.uid) {
      await setNext(tx, { clusterId: state.clusterId, key: state.key });
      return undefined;
    }
    if (!held || held.deleted_at || held.uid !== state.uid) {
      return undefined;
    }
    if (held.tombstone) {
      return { generation: Number(held.generation) };
    }
    // Nothing is sent before the first session, and a session opens under the lock that is held here: nobody has to be asked to
    // delete what nobody was given.
    if (!link.everOpened) {
      await tx('desired_states')
        .where({ cluster_id: state.clusterId, key: state.key })
        .delete();
      return undefined;
    }
    return this.#write(tx, link, { ...state, content: 'tombstone' });
  }

  async retry(
    tx: Knex.Transaction,
    state: { clusterId: string; key: DesiredStateKey },
  ): Promise<RetryOutcome> {
    const link = await lockLink(tx, state.clusterId);
    const held = await readDesiredState(tx, state);
    if (!held || held.deleted_at) {
      return { outcome: 'unknown' };
    }
    const last =
      held.result_generation === held.generation ? held.outcome : undefined;
    if (!last || !RETRIED.has(last)) {
      return { outcome: 'not_failed', last: last ?? undefined };
    }
    const content =
      held.yaml === null ? ('tombstone' as const) : { yaml: held.yaml };
    const { generation } = await this.#write(tx, link, {
      ...state,
      uid: held.uid,
      content,
    });
    return { outcome: 'written', generation };
  }

  async find(
    db: Knex | Knex.Transaction,
    keys: ReadonlyArray<{ clusterId: string; key: DesiredStateKey }>,
  ): Promise<DesiredState[]> {
    if (keys.length === 0) {
      return [];
    }
    const rows = await db<DesiredStateRow>('desired_states')
      .select()
      .whereIn(
        ['cluster_id', 'key'],
        keys.map(({ clusterId, key }) => [clusterId, key]),
      );
    return rows.map(toDesiredState);
  }

  async #write(
    tx: Knex.Transaction,
    link: { generation: number },
    state: Omit<Parameters<typeof writeDesiredState>[1], 'generation'>,
  ): Promise<{ generation: number }> {
    await refuseUndecided(tx, state);
    const generation = link.generation + 1;
    await writeDesiredState(tx, { ...state, generation });
    return { generation };
  }
}
