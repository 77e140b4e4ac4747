import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import type { ClusterConfig } from '../schema/openapi/generated/models';

/** A join token with the cluster that it is for. */
export interface JoinToken {
  hash: Buffer;
  cluster: {
    id: string;
    novaClusterId: string;
    name: string;
    config: ClusterConfig;
  };
  expiresAt: DateTime;
  /** The key that used it first, raw Ed25519. */
  publicKey?: Buffer;
}

export interface JoinTokenStore {
  insert(
    db: Knex,
    token: {
      hash: Buffer;
      clusterId: string;
      expiresAt: DateTime;
      createdBy: string;
      createdAt: DateTime;
    },
  ): Promise<void>;
  find(db: Knex, hash: Buffer): Promise<JoinToken | undefined>;
  /** Like `find`, and keeps others from using the token until the end of the transaction. */
  lock(tx: Knex.Transaction, hash: Buffer): Promise<JoinToken | undefined>;
  /** Binds the token to the key. */
  use(
    tx: Knex.Transaction,
    token: JoinToken,
    publicKey: Buffer,
    at: DateTime,
  ): Promise<void>;
  deleteExpired(db: Knex, before: DateTime): Promise<number>;
}
