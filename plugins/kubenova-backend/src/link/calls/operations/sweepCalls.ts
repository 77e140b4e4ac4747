import { Knex } from 'knex';

/** How long a row stays after its deadline, for the replica that asked to find out what became of it. */
const GRACE_MS = 60_000;

/** Takes away what a replica that died left behind, by the database's clock. Any replica does it for all. */
export async function sweepCalls(db: Knex): Promise<void> {
  await db.raw(
    `DELETE FROM calls WHERE deadline < clock_timestamp() - :graceMs * interval '1 millisecond'`,
    { graceMs: GRACE_MS },
  );
}
