import type { Knex } from 'knex';
import type { DateTime } from 'luxon';

/** Wants a tenant again that was to be deleted, and marks the change. */
export async function reviveTenant(
  tx: Knex.Transaction,
  id: string,
  at: DateTime,
): Promise<void> {
  await tx('tenants')
    .where({ id })
    .update({
      deleting_at: null,
      updated_at: at.toJSDate(),
      version: tx.raw('version + 1'),
    });
}
