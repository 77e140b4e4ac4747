import { Knex } from 'knex';
import { ApplyResultEvent, ChangedRef, EventHandler } from '../types';
import { confirmDeleted } from './operations/confirmDeleted';
import { recordOutcome } from './operations/recordOutcome';

/** Projects results of applies on the desired states themselves; what they mean to a domain is the domain's handler's affair. */
export class OutcomeHandler implements EventHandler<ApplyResultEvent> {
  readonly types = ['applyResult'] as const;

  async handle(
    tx: Knex.Transaction,
    cluster: { id: string },
    event: ApplyResultEvent,
  ): Promise<ChangedRef[]> {
    await recordOutcome(tx, cluster.id, event);
    if (event.outcome === 'Deleted') {
      await confirmDeleted(tx, cluster.id, event);
    }
    return [];
  }
}
