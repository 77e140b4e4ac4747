import { ConflictError } from '@backstage/errors';
import { Knex } from 'knex';
import { createHash } from 'node:crypto';
import { DesiredState, DesiredStateKey, Outbox } from '../types';
import { lockLink } from './operations/lockLink';
import { writeDesiredState } from './operations/writeDesiredState';
import { DesiredStateRow, toDesiredState } from './rows';

/**
 * The outbox in Postgres: one row a key, in the transaction of whoever wants something.
 *
 * 1. Each change takes the next generation of its cluster under the link row's lock (D1); a change that is none takes none.
 * 2. The row holds the last word only, so an operator that was away gets each key once (D3).
 * 3. A tombstone is not superseded: until the operator confirmed it, the key is reserved, under whatever uid (D3). What comes back
 *    sooner would inherit the volumes of what is being deleted.
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
    const held = await this.#read(tx, state);
    const sha256 = createHash('sha256').update(state.yaml, 'utf8').digest();

    if (held && !held.deleted_at) {
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
      if (held.sha256?.equals(sha256)) {
        return { generation: Number(held.generation) };
      }
    }

    const generation = link.generation + 1;
    await writeDesiredState(tx, {
      ...state,
      generation,
      content: { yaml: state.yaml, sha256 },
    });
    return { generation };
  }

  async remove(
    tx: Knex.Transaction,
    state: { clusterId: string; key: DesiredStateKey; uid: string },
  ): Promise<{ generation: number } | undefined> {
    const link = await lockLink(tx, state.clusterId);
    const held = await this.#read(tx, state);
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
    const generation = link.generation + 1;
    await writeDesiredState(tx, { ...state, generation, content: 'tombstone' });
    return { generation };
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

  async #read(
    tx: Knex.Transaction,
    state: { clusterId: string; key: DesiredStateKey },
  ): Promise<DesiredStateRow | undefined> {
    return tx<DesiredStateRow>('desired_states')
      .where({ cluster_id: state.clusterId, key: state.key })
      .first();
  }
}
