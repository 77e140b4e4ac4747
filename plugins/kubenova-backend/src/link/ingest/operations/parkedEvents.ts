import { Knex } from 'knex';
import { withoutNul } from './parkEvent';

/** A row of `parked_events` as the driver gives it: bigint as string, bytea as Buffer. */
export interface ParkedEventRow {
  cluster_id: string;
  incarnation: string;
  epoch: string;
  seq: string;
  key: string;
  event: Buffer;
  code: string;
  error: string;
  observed_at: Date | null;
  parked_at: Date;
}

/** The events of a cluster that were set aside, in the order in which they came, from a place in it on. */
export async function listParkedEvents(
  db: Knex,
  clusterId: string,
  page: {
    limit: number;
    after?: { epoch: number; incarnation: string; seq: number };
  },
): Promise<ParkedEventRow[]> {
  return db<ParkedEventRow>('parked_events')
    .where({ cluster_id: clusterId })
    .modify(select => {
      if (page.after) {
        const { epoch, incarnation, seq } = page.after;
        select.whereRaw('(epoch, incarnation, seq) > (?, ?, ?)', [
          epoch,
          incarnation,
          seq,
        ]);
      }
    })
    .orderBy(['epoch', 'incarnation', 'seq'])
    .limit(page.limit);
}

/** Takes an event off the table; returns whether it was there. */
export async function deleteParkedEvent(
  tx: Knex.Transaction,
  row: ParkedEventRow,
): Promise<boolean> {
  const deleted = await tx('parked_events').where(keyOf(row)).delete();
  return deleted === 1;
}

/** Writes why an event can't be written this time. */
export async function updateParkedEvent(
  db: Knex,
  row: ParkedEventRow,
  reason: { code: string; error: string },
): Promise<ParkedEventRow> {
  const told = { code: reason.code, error: withoutNul(reason.error) };
  await db('parked_events').where(keyOf(row)).update(told);
  return { ...row, ...told };
}

function keyOf({ cluster_id, incarnation, seq }: ParkedEventRow) {
  return { cluster_id, incarnation, seq };
}
