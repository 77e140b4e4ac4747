import { Knex } from 'knex';
import { CALLS_CHANNEL } from './channels';

/** Lets an answer go on, and nudges whoever holds the link. Absolute, so a repetition or a late one does no harm. */
export async function raiseCredit(
  db: Knex,
  call: { id: string; upToIndex: number },
): Promise<void> {
  await db.raw(
    `WITH raised AS (
       UPDATE calls SET up_to_index = greatest(up_to_index, :upToIndex) WHERE id = :id RETURNING cluster_id
     )
     SELECT pg_notify(:channel, CAST(cluster_id AS text)) FROM raised`,
    { ...call, channel: CALLS_CHANNEL },
  );
}
