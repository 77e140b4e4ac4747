import { Knex } from 'knex';

/** How many are kept of each cluster. */
const KEPT = 20;

/**
 * Writes what went wrong on a link. The same in a row is counted, so that one fault that repeats itself does not push the others out; what is
 * older than the newest 20 goes.
 */
export async function recordLinkError(
  db: Knex,
  error: { clusterId: string; reason: string; message: string },
): Promise<void> {
  await db.raw(
    `WITH repeated AS (
       UPDATE link_errors SET count = count + 1, at = clock_timestamp()
       WHERE id = (SELECT max(id) FROM link_errors WHERE cluster_id = :clusterId)
         AND reason = :reason AND message = :message
       RETURNING id
     ), added AS (
       INSERT INTO link_errors (cluster_id, reason, message)
       SELECT :clusterId, :reason, :message WHERE NOT EXISTS (SELECT FROM repeated)
       RETURNING id
     )
     DELETE FROM link_errors
     WHERE cluster_id = :clusterId AND EXISTS (SELECT FROM added) AND id IN (
       SELECT id FROM link_errors WHERE cluster_id = :clusterId ORDER BY id DESC OFFSET :others)`,
    { ...error, others: KEPT - 1 },
  );
}
