import { Knex } from 'knex';
import { ANSWERS_CHANNEL } from './channels';

/** Tells those who asked that the session which has their questions is over before the answers were. */
export async function loseCalls(
  db: Knex,
  session: { clusterId: string; epoch: number; ids: readonly string[] },
): Promise<void> {
  await db.raw(
    `WITH lost AS (
       UPDATE calls SET state = 'lost'
       WHERE cluster_id = :clusterId AND claimed_epoch = :epoch AND id = ANY(CAST(:ids AS uuid[]))
       RETURNING id
     )
     SELECT pg_notify(:channel, CAST(id AS text)) FROM lost`,
    {
      clusterId: session.clusterId,
      epoch: session.epoch,
      ids: [...session.ids],
      channel: ANSWERS_CHANNEL,
    },
  );
}
