import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import type { ClusterConfig } from '../schema/openapi/generated/models';
import type { JoinToken, JoinTokenStore } from './JoinTokenStore';

interface JoinTokenRow {
  token_hash: Buffer;
  cluster_id: string;
  nova_cluster_id: string;
  name: string;
  config: ClusterConfig;
  expires_at: Date;
  public_key: Buffer | null;
}

export class DatabaseJoinTokenStore implements JoinTokenStore {
  async insert(
    db: Knex,
    token: {
      hash: Buffer;
      clusterId: string;
      expiresAt: DateTime;
      createdBy: string;
      createdAt: DateTime;
    },
  ): Promise<void> {
    await db('join_tokens').insert({
      token_hash: token.hash,
      cluster_id: token.clusterId,
      expires_at: token.expiresAt.toJSDate(),
      created_by: token.createdBy,
      created_at: token.createdAt.toJSDate(),
    });
  }

  async find(db: Knex, hash: Buffer): Promise<JoinToken | undefined> {
    const row = await tokenQuery(db, hash);
    return row && toJoinToken(row);
  }

  async lock(
    tx: Knex.Transaction,
    hash: Buffer,
  ): Promise<JoinToken | undefined> {
    const row = await tokenQuery(tx, hash).forUpdate('join_tokens');
    return row && toJoinToken(row);
  }

  async use(
    tx: Knex.Transaction,
    token: JoinToken,
    publicKey: Buffer,
    at: DateTime,
  ): Promise<void> {
    await tx('join_tokens')
      .where({ token_hash: token.hash })
      .update({ public_key: publicKey, used_at: at.toJSDate() });
  }

  async deleteExpired(db: Knex, before: DateTime): Promise<number> {
    return db('join_tokens')
      .where('expires_at', '<', before.toJSDate())
      .delete();
  }
}

function tokenQuery(db: Knex | Knex.Transaction, hash: Buffer) {
  return db('join_tokens')
    .join('clusters', 'clusters.id', 'join_tokens.cluster_id')
    .where({ token_hash: hash })
    .first<JoinTokenRow | undefined>(
      'token_hash',
      'cluster_id',
      'nova_cluster_id',
      'name',
      'config',
      'expires_at',
      'join_tokens.public_key',
    );
}

function toJoinToken(row: JoinTokenRow): JoinToken {
  return {
    hash: row.token_hash,
    cluster: {
      id: row.cluster_id,
      novaClusterId: row.nova_cluster_id,
      name: row.name,
      config: row.config,
    },
    expiresAt: DateTime.fromJSDate(row.expires_at, { zone: 'utc' }),
    publicKey: row.public_key ?? undefined,
  };
}
