import type { Knex } from 'knex';

/** The keys of one cluster's operator, raw Ed25519, 32 bytes each (S7). */
export interface OperatorKeys {
  clusterId: string;
  name: string;
  /** Absent before Enroll, and after a revocation. */
  present?: Buffer;
  /** Stored during a rotation; good like the present one, which it replaces when it opens a session. */
  next?: Buffer;
  /** Good for nothing any more, also with another join token. */
  revoked: Buffer[];
}

/** Every write is made under the lock of the cluster's link row, which comes first in the order of locks. */
export interface OperatorKeyStore {
  findByNovaClusterId(
    db: Knex | Knex.Transaction,
    novaClusterId: string,
  ): Promise<OperatorKeys | undefined>;
  find(
    db: Knex | Knex.Transaction,
    clusterId: string,
  ): Promise<OperatorKeys | undefined>;
  /** Makes this key the only good one. */
  setPresent(
    tx: Knex.Transaction,
    clusterId: string,
    publicKey: Buffer,
  ): Promise<void>;
  /** Keeps this key beside the present one; another next one is forgotten. */
  setNext(
    tx: Knex.Transaction,
    clusterId: string,
    publicKey: Buffer,
  ): Promise<void>;
  /** @returns how many keys were good before. */
  revokeAll(tx: Knex.Transaction, clusterId: string): Promise<number>;
}
