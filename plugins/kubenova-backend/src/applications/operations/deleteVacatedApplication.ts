import type { Knex } from 'knex';

/**
 * Deletes an application that is to be deleted and has no deployment left.
 *
 * The row is locked before its deployments are counted. Else two clusters that confirm the last two deployments at the same time would
 * each still see the other's, and the application would stay for good.
 *
 * @returns whether it was deleted.
 */
export async function deleteVacatedApplication(
  tx: Knex.Transaction,
  id: string,
): Promise<boolean> {
  const application = await tx('applications')
    .where({ id })
    .whereNotNull('deleting_at')
    .forUpdate()
    .first('id');
  if (!application) {
    return false;
  }
  const deployment = await tx('deployments')
    .where({ application_id: id })
    .first('id');
  if (deployment) {
    return false;
  }
  await tx('applications').where({ id }).delete();
  return true;
}
