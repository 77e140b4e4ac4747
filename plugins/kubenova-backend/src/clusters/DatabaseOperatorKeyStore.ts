import type { Knex } from 'knex';
import type { OperatorKeys, OperatorKeyStore } from './OperatorKeyStore';

type Db = Knex | Knex.Transaction;

interface OperatorKeyRow {
  id: string;
  name: string;
  /** Null where the cluster has no key of any kind. */
  public_key: Buffer | null;
  role: 'present' | 'next' | 'revoked' | null;
}

export class DatabaseOperatorKeyStore implements OperatorKeyStore {
  async findByNovaClusterId(
    db: Db,
    novaClusterId: string,
  ): Promise<OperatorKeys | undefined> {
    return this.#read(db, { nova_cluster_id: novaClusterId });
  }

  async find(db: Db, clusterId: string): Promise<OperatorKeys | undefined> {
    return this.#read(db, { 'clusters.id': clusterId });
  }

  async setPresent(
    tx: Knex.Transaction,
    clusterId: string,
    publicKey: Buffer,
  ): Promise<void> {
    await this.#forget(tx, clusterId, ['present', 'next']);
    await this.#insert(tx, clusterId, publicKey, 'present');
  }

  async setNext(
    tx: Knex.Transaction,
    clusterId: string,
    publicKey: Buffer,
  ): Promise<void> {
    await this.#forget(tx, clusterId, ['next']);
    await this.#insert(tx, clusterId, publicKey, 'next');
  }

  async revokeAll(tx: Knex.Transaction, clusterId: string): Promise<number> {
    return tx('operator_keys')
      .where({ cluster_id: clusterId })
      .whereNot({ role: 'revoked' })
      .update({ role: 'revoked', revoked_at: tx.raw('clock_timestamp()') });
  }

  async #read(
    db: Db,
    where: Record<string, string>,
  ): Promise<OperatorKeys | undefined> {
    const rows = await db('clusters')
      .leftJoin('operator_keys', 'operator_keys.cluster_id', 'clusters.id')
      .where(where)
      .select<OperatorKeyRow[]>('clusters.id', 'name', 'public_key', 'role');
    if (rows.length === 0) {
      return undefined;
    }
    const keysOf = (role: OperatorKeyRow['role']) =>
      rows.flatMap(row =>
        row.role === role && row.public_key ? [row.public_key] : [],
      );
    const [{ id, name }] = rows;
    return {
      clusterId: id,
      name,
      present: keysOf('present')[0],
      next: keysOf('next')[0],
      revoked: keysOf('revoked'),
    };
  }

  async #forget(
    tx: Knex.Transaction,
    clusterId: string,
    roles: string[],
  ): Promise<void> {
    await tx('operator_keys')
      .where({ cluster_id: clusterId })
      .whereIn('role', roles)
      .delete();
  }

  async #insert(
    tx: Knex.Transaction,
    clusterId: string,
    publicKey: Buffer,
    role: string,
  ): Promise<void> {
    await tx('operator_keys').insert({
      cluster_id: clusterId,
      public_key: publicKey,
      role,
    });
  }
}
