import { Knex } from 'knex';

/** Writes that an operator of a known cluster was refused, for its page. The next session that opens clears it. */
export async function recordRefusal(
  tx: Knex.Transaction,
  refusal: {
    clusterId: string;
    reason: string;
    message: string;
    remoteAddress: string;
  },
): Promise<void> {
  await tx.raw(
    `INSERT INTO links (cluster_id, refused_reason, refused_message, refused_at, refused_address)
     SELECT id, :reason, :message, clock_timestamp(), :remoteAddress FROM clusters WHERE id = :clusterId
     ON CONFLICT (cluster_id) DO UPDATE SET
       refused_reason = excluded.refused_reason, refused_message = excluded.refused_message,
       refused_at = excluded.refused_at, refused_address = excluded.refused_address`,
    refusal,
  );
}
