import { Knex } from 'knex';

/** How far the answers of calls may go now. A call that is not there any more is waited for by nobody. */
export async function readCredits(
  db: Knex,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const rows = await db<{ id: string; up_to_index: number }>('calls')
    .select('id', 'up_to_index')
    .whereIn('id', [...ids])
    .andWhereRaw('deadline > clock_timestamp()');
  return new Map(rows.map(row => [row.id, row.up_to_index]));
}
