import { Knex } from 'knex';
import { DesiredStateRow } from '../rows';

export type UnsentDesiredState = Pick<
  DesiredStateRow,
  'key' | 'uid' | 'generation' | 'tombstone' | 'yaml' | 'sha256'
>;

/**
 * What a session is to send next: generations above what the operator has accepted, without those that are under way, in the order of
 * D5, as much as fits the window.
 *
 * There is no mark "sent" in the database. What was sent and not accepted is known by the session that sent it, and is sent
 * again by the next one; the operator drops what it holds already (D8). A session that was fenced is given nothing, and neither is one
 * of a cluster of which somebody has to decide whose word is the last (D9).
 */
export async function claimUnsent(
  db: Knex,
  options: {
    clusterId: string;
    epoch: number;
    underWay: ReadonlyArray<{ key: string; generation: number }>;
    room: { frames: number; bytes: number };
  },
): Promise<UnsentDesiredState[]> {
  const { underWay, room } = options;
  const { rows } = await db.raw<{ rows: UnsentDesiredState[] }>(
    `SELECT key, uid, generation, tombstone, yaml, sha256
     FROM (
       SELECT next.*, sum(octet_length(coalesce(yaml, ''))) OVER (ORDER BY delivery_rank, generation) AS bytes_so_far
       FROM (
         SELECT desired.* FROM desired_states desired
         JOIN links ON links.cluster_id = desired.cluster_id AND links.epoch = :epoch
         WHERE desired.cluster_id = :clusterId AND desired.deleted_at IS NULL
           AND NOT EXISTS (SELECT FROM behind_keys WHERE behind_keys.cluster_id = :clusterId)
           AND (desired.accepted_generation IS NULL OR desired.accepted_generation < desired.generation)
           AND NOT EXISTS (
             SELECT FROM unnest(CAST(:keys AS text[]), CAST(:generations AS bigint[])) AS sent(key, generation)
             WHERE sent.key = desired.key AND sent.generation >= desired.generation)
         ORDER BY desired.delivery_rank, desired.generation
         LIMIT :frames
       ) next
     ) claimed
     WHERE bytes_so_far <= :bytes
     ORDER BY delivery_rank, generation`,
    {
      clusterId: options.clusterId,
      epoch: options.epoch,
      keys: underWay.map(state => state.key),
      generations: underWay.map(state => state.generation),
      frames: room.frames,
      bytes: room.bytes,
    },
  );
  return rows;
}
