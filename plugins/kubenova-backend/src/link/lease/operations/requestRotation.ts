import { Knex } from 'knex';
import { DateTime } from 'luxon';
import { KEY_ROTATION } from '../../session/KeyRotation';
import { RotationRequest } from '../../types';
import { notifyLink } from './notifyLink';

/**
 * Wishes for a new key of a cluster's operator (S7). A wish that is not met yet stays as it is. An operator that is away, or that nobody
 * has seen yet, is asked when it opens a session; one that is known not to be able to is not.
 */
export async function requestRotation(
  tx: Knex.Transaction,
  options: { clusterId: string; rotationId: string },
): Promise<RotationRequest> {
  await tx('links')
    .insert({ cluster_id: options.clusterId })
    .onConflict('cluster_id')
    .ignore();
  const { rows } = await tx.raw<{
    rows: Array<{ rotation_requested_at: Date }>;
  }>(
    `UPDATE links SET
       rotation_id = CASE WHEN met THEN :rotationId ELSE rotation_id END,
       rotation_requested_at = CASE WHEN met THEN clock_timestamp() ELSE rotation_requested_at END,
       rotation_completed_at = NULL
     FROM (
       SELECT rotation_id IS NULL OR rotation_completed_at IS NOT NULL AS met FROM links
       WHERE cluster_id = :clusterId FOR NO KEY UPDATE
     ) before
     WHERE cluster_id = :clusterId AND (capabilities IS NULL OR :capability = ANY(capabilities))
     RETURNING rotation_requested_at`,
    { ...options, capability: KEY_ROTATION },
  );
  if (rows.length === 0) {
    return { outcome: 'unsupported' };
  }
  await notifyLink(tx, options.clusterId);
  return {
    outcome: 'requested',
    requestedAt: DateTime.fromJSDate(rows[0].rotation_requested_at, {
      zone: 'utc',
    }),
  };
}
