import { Knex } from 'knex';
import { DigestComparison, HeldKey } from '../compareDigest';

type LostKey = DigestComparison['lost'][number];

interface BehindRow {
  key: string;
  difference: LostKey['difference'];
  generation: string;
  uid: string;
  deleted: boolean;
  sha256: Buffer | null;
}

/**
 * Writes which keys nobody has decided about yet (D9). The caller holds the link row.
 *
 * What was found before stays until it is decided, or until the operator holds something else: that the Manager has written to the key
 * meanwhile is no decision. What the operator has told of a key stays with it.
 *
 * @param options.held - the digest, without `leftOut`, of which it says nothing.
 */
export async function replaceBehindKeys(
  tx: Knex.Transaction,
  options: {
    clusterId: string;
    held: readonly HeldKey[];
    leftOut: ReadonlySet<string>;
    lost: readonly LostKey[];
  },
): Promise<{ isNews: boolean }> {
  const { clusterId, leftOut } = options;
  const rows: BehindRow[] = await tx('behind_keys')
    .where({ cluster_id: clusterId })
    .select('key', 'difference', 'generation', 'uid', 'deleted', 'sha256');
  const held = new Map(options.held.map(state => [state.key, state]));
  const kept = new Set(
    rows
      .filter(row => leftOut.has(row.key) || isStillHeld(row, held))
      .map(({ key }) => key),
  );
  const over = rows.filter(({ key }) => !kept.has(key));
  const found = options.lost.filter(({ key }) => !kept.has(key));
  if (over.length > 0) {
    await tx('behind_keys')
      .where({ cluster_id: clusterId })
      .whereIn(
        'key',
        over.map(({ key }) => key),
      )
      .delete();
  }
  if (found.length > 0) {
    await tx.batchInsert(
      'behind_keys',
      found.map(state => ({
        cluster_id: clusterId,
        key: state.key,
        difference: state.difference,
        generation: state.generation,
        uid: state.uid,
        deleted: state.deleted,
        sha256: state.deleted ? null : Buffer.from(state.sha256),
        // A tombstone has nothing that could be asked for.
        held_at: state.deleted ? tx.raw('clock_timestamp()') : null,
      })),
    );
  }
  return { isNews: over.length > 0 || found.length > 0 };
}

function isStillHeld(
  row: BehindRow,
  held: ReadonlyMap<string, HeldKey>,
): boolean {
  const state = held.get(row.key);
  return (
    state !== undefined &&
    state.generation === Number(row.generation) &&
    state.uid === row.uid &&
    state.deleted === row.deleted &&
    Buffer.from(state.sha256).equals(row.sha256 ?? Buffer.alloc(0))
  );
}
