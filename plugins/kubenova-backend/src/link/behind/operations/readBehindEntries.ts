import { Knex } from 'knex';
import { DateTime } from 'luxon';
import { createHash } from 'node:crypto';
import { Difference } from '../compareDigest';
import { BehindEntry } from '../types';

interface EntryRow {
  key: string;
  difference: Difference;
  found_at: Date;
  held_at: Date | null;
  generation: string;
  uid: string;
  deleted: boolean;
  yaml: string | null;
  sha256: Buffer | null;
  known_generation: string | null;
  known_uid: string | null;
  known_tombstone: boolean | null;
  known_yaml: string | null;
}

/** What a cluster's operator holds that the Manager does not know of, beside what the Manager knows; by key. */
export async function readBehindEntries(
  db: Knex | Knex.Transaction,
  clusterId: string,
): Promise<BehindEntry[]> {
  const rows: EntryRow[] = await db('behind_keys as behind')
    .leftJoin('desired_states as known', join =>
      join
        .on('known.cluster_id', 'behind.cluster_id')
        .andOn('known.key', 'behind.key'),
    )
    .where('behind.cluster_id', clusterId)
    .orderBy('behind.key')
    .select(
      'behind.*',
      'known.generation as known_generation',
      'known.uid as known_uid',
      'known.tombstone as known_tombstone',
      'known.yaml as known_yaml',
    );
  return rows.map(toEntry);
}

function toEntry(row: EntryRow): BehindEntry {
  const { key, difference, uid, deleted } = row;
  return {
    key,
    difference,
    foundAt: DateTime.fromJSDate(row.found_at, { zone: 'utc' }),
    isRead: row.held_at !== null,
    operator: {
      key,
      uid,
      deleted,
      generation: Number(row.generation),
      ...(row.yaml !== null && { yaml: row.yaml }),
    },
    ...(row.known_uid !== null && {
      manager: {
        key,
        uid: row.known_uid,
        deleted: row.known_tombstone === true,
        generation: Number(row.known_generation),
        ...(row.known_yaml !== null && { yaml: row.known_yaml }),
      },
    }),
    etag: etagOf(row),
  };
}

/** Of both words. Generations are never given out twice, but a Manager that lost its past has done just that, so it takes the hash too. */
function etagOf(row: EntryRow): string {
  const words = [
    row.generation,
    row.uid,
    row.sha256?.toString('hex') ?? '',
    row.known_generation ?? '',
    row.known_uid ?? '',
  ];
  const hash = createHash('sha256').update(words.join('\n')).digest('hex');
  return hash.slice(0, 16);
}
