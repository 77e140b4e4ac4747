import { Knex } from 'knex';
import { DateTime } from 'luxon';
import { DatabaseJoinTokenStore } from '../../../clusters/DatabaseJoinTokenStore';
import { joinTokenHash } from '../../../clusters/joinToken';
import { LEDGER_SCHEMA } from './ledgerSchema';
import { PreparedCluster } from './protocol';

/** Longer than any clock of a run is off. */
const TOKENS_LAST = { years: 1 };

/** Migrates, lays the ledger beside the link's tables, and adds clusters that wait for their operators. */
export async function prepareDatabase(
  database: Knex,
  options: { migrations: string; clusters: readonly PreparedCluster[] },
): Promise<void> {
  await database.migrate.latest({ directory: options.migrations });
  await database.raw(LEDGER_SCHEMA);
  const tokens = new DatabaseJoinTokenStore();
  for (const cluster of options.clusters) {
    await database('clusters').insert({
      id: cluster.id,
      nova_cluster_id: cluster.novaClusterId,
      name: cluster.name,
      datacenter: cluster.name,
      status: 'pending_bootstrap',
      config: '{}',
      created_at: database.fn.now(),
      updated_at: database.fn.now(),
    });
    await tokens.insert(database, {
      hash: joinTokenHash(cluster.joinToken),
      clusterId: cluster.id,
      expiresAt: DateTime.utc().plus(TOKENS_LAST),
      createdBy: 'user:default/harness',
      createdAt: DateTime.utc(),
    });
  }
}
