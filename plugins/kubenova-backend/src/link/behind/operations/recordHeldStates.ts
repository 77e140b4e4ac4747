import { Knex } from 'knex';

/** What an operator told that it holds of a key. */
export interface HeldState {
  key: string;
  generation: number;
  uid: string;
  /** Absent for a tombstone, and where it holds nothing. */
  yaml?: { text: string; sha256: Uint8Array };
}

/**
 * Keeps what an operator holds of keys that somebody has to decide about (D9). What is not the state of which its digest told says nothing
 * about that one; the next digest tells of it anew. Nothing is written for a session that was fenced.
 */
export async function recordHeldStates(
  db: Knex,
  options: {
    clusterId: string;
    epoch: number;
    states: readonly HeldState[];
  },
): Promise<void> {
  const { states } = options;
  await db.raw(
    `UPDATE behind_keys behind SET yaml = held.yaml, held_at = clock_timestamp()
     FROM unnest(CAST(:keys AS text[]), CAST(:generations AS bigint[]), CAST(:uids AS text[]), CAST(:yamls AS text[]), CAST(:hashes AS bytea[]))
       AS held(key, generation, uid, yaml, sha256)
     WHERE behind.cluster_id = (SELECT cluster_id FROM links WHERE cluster_id = :clusterId AND epoch = :epoch FOR SHARE)
       AND behind.key = held.key AND behind.generation = held.generation AND behind.uid = held.uid
       AND behind.sha256 IS NOT DISTINCT FROM held.sha256`,
    {
      clusterId: options.clusterId,
      epoch: options.epoch,
      keys: states.map(({ key }) => key),
      generations: states.map(({ generation }) => generation),
      uids: states.map(({ uid }) => uid),
      yamls: states.map(({ yaml }) => yaml?.text ?? null),
      hashes: states.map(({ yaml }) => yaml && Buffer.from(yaml.sha256)),
    },
  );
}
