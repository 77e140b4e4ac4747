import { Knex } from 'knex';
import { DateTime } from 'luxon';

/** Those of the clusters of which somebody has to decide about keys (D9): since when, and about how many. */
export async function findBehind(
  db: Knex | Knex.Transaction,
  clusterIds: readonly string[],
): Promise<Map<string, { since: DateTime; keys: number }>> {
  const rows: Array<{ cluster_id: string; since: Date; keys: string }> =
    await db('behind_keys')
      .whereIn('cluster_id', [...clusterIds])
      .groupBy('cluster_id')
      .select('cluster_id')
      .min('found_at as since')
      .count('* as keys');
  return new Map(
    rows.map(row => [
      row.cluster_id,
      {
        since: DateTime.fromJSDate(row.since, { zone: 'utc' }),
        keys: Number(row.keys),
      },
    ]),
  );
}
