import { Knex } from 'knex';
import { ApplyResultEvent } from '../../types';

/**
 * Writes what became of a generation, in the ingest's transaction. A result of an older generation than the one that is known, or of an
 * object that no longer has the key, changes nothing (E3).
 */
export async function recordOutcome(
  tx: Knex.Transaction,
  clusterId: string,
  result: ApplyResultEvent,
): Promise<void> {
  await tx('desired_states')
    .where({ cluster_id: clusterId, key: result.key, uid: result.uid })
    .where('generation', '>=', result.generation)
    .where(known =>
      known
        .whereNull('result_generation')
        .orWhere('result_generation', '<=', result.generation),
    )
    .update({
      result_generation: result.generation,
      outcome: result.outcome,
      message: result.message,
    });
}
