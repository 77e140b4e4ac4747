import { Knex } from 'knex';
import { ANSWERS_CHANNEL } from './channels';

/** Tells those who ask an operator that takes no questions. Nothing was or will be sent. */
export async function refuseCalls(
  db: Knex,
  session: { clusterId: string; epoch: number },
): Promise<void> {
  await db.raw(
    `WITH refused AS (
       UPDATE calls SET state = 'unsupported', claimed_epoch = :epoch
       WHERE cluster_id = :clusterId AND claimed_epoch IS NULL
         AND EXISTS (SELECT FROM links WHERE links.cluster_id = :clusterId AND links.epoch = :epoch)
       RETURNING id
     )
     SELECT pg_notify(:channel, CAST(id AS text)) FROM refused`,
    { ...session, channel: ANSWERS_CHANNEL },
  );
}
