import { Knex } from 'knex';
import { ApplyResultEvent, OperatorEvent } from '../../types';

/**
 * Writes what became of generations, in the ingest's transaction and in one statement. A result of an older generation than the one that
 * is known, of an object that no longer has the key, or told before the one that is known, changes nothing (E3).
 */
export async function recordOutcomes(
  tx: Knex.Transaction,
  events: ReadonlyArray<OperatorEvent<ApplyResultEvent>>,
): Promise<void> {
  await tx.raw(
    `UPDATE desired_states AS known SET
       result_generation = told.generation, result_position = told.position, outcome = told.outcome, message = told.message
     FROM json_to_recordset(CAST(:told AS json)) AS told(
       cluster_id uuid, key text, uid text, generation bigint, position bigint[], outcome text, message text)
     WHERE known.cluster_id = told.cluster_id AND known.key = told.key AND known.uid = told.uid
       AND known.generation >= told.generation
       AND (known.result_generation IS NULL OR known.result_generation <= told.generation)
       AND known.result_position < told.position`,
    { told: JSON.stringify(newestOfEachKey(events).map(toRow)) },
  );
}

/** Of all results of one object the one that stays: of the newest generation, the last. */
function newestOfEachKey(
  events: ReadonlyArray<OperatorEvent<ApplyResultEvent>>,
): Array<OperatorEvent<ApplyResultEvent>> {
  const newest = new Map<string, OperatorEvent<ApplyResultEvent>>();
  for (const told of events) {
    const { key, uid, generation } = told.event;
    const object = JSON.stringify([told.cluster.id, key, uid]);
    if ((newest.get(object)?.event.generation ?? 0) <= generation) {
      newest.set(object, told);
    }
  }
  return [...newest.values()];
}

function toRow({ cluster, position, event }: OperatorEvent<ApplyResultEvent>) {
  return {
    cluster_id: cluster.id,
    key: event.key,
    uid: event.uid,
    generation: event.generation,
    position,
    outcome: event.outcome,
    message: event.message,
  };
}
