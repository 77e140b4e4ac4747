import { Knex } from 'knex';
import { DesiredStateRow } from '../rows';

export type UnsentDesiredState = Pick<
  DesiredStateRow,
  'key' | 'uid' | 'generation' | 'tombstone' | 'yaml' | 'sha256'
>;

export const CLAIM = `
  WITH unsent AS (
    SELECT desired.key, desired.generation, desired.delivery_rank,
      octet_length(coalesce(desired.yaml, '')) AS bytes,
      row_number() OVER (
        PARTITION BY desired.delivery_rank, split_part(desired.key, '/', 2) ORDER BY desired.generation) AS turn
    FROM desired_states desired
    JOIN links ON links.cluster_id = desired.cluster_id AND links.epoch = :epoch
    WHERE desired.cluster_id = :clusterId AND desired.deleted_at IS NULL
      AND NOT EXISTS (SELECT FROM behind_keys WHERE behind_keys.cluster_id = :clusterId)
      AND (desired.accepted_generation IS NULL OR desired.accepted_generation < desired.generation)
      AND NOT EXISTS (
        SELECT FROM unnest(CAST(:keys AS text[]), CAST(:generations AS bigint[])) AS sent(key, generation)
        WHERE sent.key = desired.key AND sent.generation >= desired.generation)
  ), windowed AS (
    SELECT unsent.*, row_number() OVER turns AS frames_so_far, sum(bytes) OVER turns AS bytes_so_far
    FROM unsent WHERE key <> 'cluster/config'
    WINDOW turns AS (ORDER BY delivery_rank, turn, generation)
  ), claimed AS (
    SELECT key, delivery_rank, turn FROM unsent WHERE key = 'cluster/config'
    UNION ALL
    SELECT key, delivery_rank, turn FROM windowed WHERE frames_so_far <= :frames AND bytes_so_far <= :bytes
  )
  SELECT desired.key, uid, generation, tombstone, yaml, sha256
  FROM claimed JOIN desired_states desired ON desired.cluster_id = :clusterId AND desired.key = claimed.key
  ORDER BY claimed.delivery_rank, claimed.turn, generation`;

/**
 * What a session is to send next: generations above what the operator has accepted, without those that are under way, in the order of
 * D5, as much as fits the window.
 *
 * Within a rank, tenants take turns (D4): one that has a thousand changes delays another one's single change by one frame. The
 * configuration has a lane of its own, beside the window. YAML is read only of what is sent: the turns are worked out on the index's
 * rows, of which there may be thousands.
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
  const { rows } = await db.raw<{ rows: UnsentDesiredState[] }>(CLAIM, {
    clusterId: options.clusterId,
    epoch: options.epoch,
    keys: underWay.map(state => state.key),
    generations: underWay.map(state => state.generation),
    frames: room.frames,
    bytes: room.bytes,
  });
  return rows;
}
