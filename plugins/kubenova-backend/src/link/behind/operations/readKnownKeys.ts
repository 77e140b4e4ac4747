import { Knex } from 'knex';
import { KnownKey } from '../compareDigest';

interface KnownRow {
  key: string;
  generation: string;
  uid: string;
  sha256: Buffer | null;
  tombstone: boolean;
  accepted_generation: string | null;
  refused: boolean;
  confirmed: boolean;
}

/** Everything that is known of a cluster's keys, but for the YAML. */
export async function readKnownKeys(
  tx: Knex.Transaction,
  clusterId: string,
): Promise<KnownKey[]> {
  const { rows } = await tx.raw<{ rows: KnownRow[] }>(
    `SELECT key, generation, uid, sha256, tombstone, accepted_generation,
       coalesce(outcome = 'Refused' AND result_generation = generation AND accepted_generation = generation, false) AS refused,
       deleted_at IS NOT NULL AS confirmed
     FROM desired_states WHERE cluster_id = :clusterId`,
    { clusterId },
  );
  return rows.map(row => ({
    key: row.key,
    generation: Number(row.generation),
    uid: row.uid,
    sha256: row.sha256 ?? new Uint8Array(),
    tombstone: row.tombstone,
    acceptedGeneration: Number(row.accepted_generation ?? 0),
    refused: row.refused,
    confirmed: row.confirmed,
  }));
}
