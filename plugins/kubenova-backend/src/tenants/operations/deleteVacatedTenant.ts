import type { Knex } from 'knex';

/**
 * Deletes a tenant that is to be deleted and has no placement left.
 *
 * The row is locked before its placements are counted. Else two clusters that confirm the last two placements at the same time would
 * each still see the other's, and the tenant would stay for good.
 *
 * @returns whether it was deleted.
 */
export async function deleteVacatedTenant(
  tx: Knex.Transaction,
  id: string,
): Promise<boolean> {
  const tenant = await tx('tenants')
    .where({ id })
    .whereNotNull('deleting_at')
    .forUpdate()
    .first('id');
  if (!tenant) {
    return false;
  }
  const placement = await tx('placements').where({ tenant_id: id }).first('id');
  if (placement) {
    return false;
  }
  await tx('tenants').where({ id }).delete();
  return true;
}
