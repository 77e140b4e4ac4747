import { Knex } from 'knex';

/**
 * Writes what the operator has stored durably (D4). Nothing is written for a session that was fenced; the answer tells.
 *
 * The link row is locked against a takeover for as long as the statement takes: a new incarnation resets what was accepted, and this
 * must not come behind it.
 */
export async function markAccepted(
  db: Knex | Knex.Transaction,
  options: {
    clusterId: string;
    epoch: number;
    accepted: ReadonlyArray<{ key: string; generation: number }>;
  },
): Promise<{ fenced: boolean }> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `WITH mine AS (
       SELECT cluster_id FROM links WHERE cluster_id = :clusterId AND epoch = :epoch FOR SHARE
     ), marked AS (
       UPDATE desired_states desired
       SET accepted_generation = greatest(coalesce(desired.accepted_generation, 0), accepted.generation)
       FROM mine, (
         SELECT key, max(generation) AS generation
         FROM unnest(CAST(:keys AS text[]), CAST(:generations AS bigint[])) AS frames(key, generation) GROUP BY key
       ) accepted
       WHERE desired.cluster_id = mine.cluster_id AND desired.key = accepted.key AND desired.generation >= accepted.generation
     )
     SELECT cluster_id FROM mine`,
    {
      clusterId: options.clusterId,
      epoch: options.epoch,
      keys: options.accepted.map(state => state.key),
      generations: options.accepted.map(state => state.generation),
    },
  );
  return { fenced: rows.length === 0 };
}
