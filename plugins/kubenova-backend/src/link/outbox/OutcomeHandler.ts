import { Knex } from 'knex';
import {
  ApplyResultEvent,
  ChangedRef,
  EventHandler,
  OperatorEvent,
} from '../types';
import { confirmDeleted } from './operations/confirmDeleted';
import { recordOutcomes } from './operations/recordOutcomes';

/** Projects results of applies on the desired states themselves; what they mean to a domain is the domain's handler's affair. */
export class OutcomeHandler implements EventHandler<ApplyResultEvent> {
  readonly types = ['applyResult'] as const;

  async handle(
    tx: Knex.Transaction,
    events: ReadonlyArray<OperatorEvent<ApplyResultEvent>>,
  ): Promise<ChangedRef[]> {
    await recordOutcomes(tx, events);
    for (const { cluster, event } of events) {
      if (event.outcome === 'Deleted') {
        await confirmDeleted(tx, cluster.id, event);
      }
    }
    return [];
  }
}
