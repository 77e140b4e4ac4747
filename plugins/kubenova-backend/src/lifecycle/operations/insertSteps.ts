import type { Knex } from 'knex';
import type { LifecycleStep } from '../types';

/** Keeps steps, in one statement. The id is the natural key: a step that is there already is the same one (E8). */
export async function insertSteps(
  tx: Knex.Transaction,
  steps: ReadonlyArray<LifecycleStep & { clusterId: string }>,
): Promise<void> {
  if (steps.length === 0) {
    return;
  }
  await tx.raw(
    `INSERT INTO lifecycle_records (cluster_id, id, observed_at, key, uid, generation, step, message)
     SELECT * FROM json_to_recordset(CAST(:told AS json)) AS told(
       cluster_id uuid, id uuid, observed_at timestamptz, key text, uid text, generation bigint, step text, message text)
     ON CONFLICT (cluster_id, id) DO NOTHING`,
    {
      told: JSON.stringify(
        steps.map(step => ({
          cluster_id: step.clusterId,
          id: step.id,
          observed_at: step.observedAt.toISO(),
          key: step.key,
          uid: step.uid,
          generation: step.generation,
          step: step.step,
          message: step.message,
        })),
      ),
    },
  );
}
