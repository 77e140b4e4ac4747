import { Knex } from 'knex';
import { ChangedRef, EventHandler, OperatorEvent } from '../../types';

/** A projection that counts, and says on which connection it is about to be committed. */
export class CrashProjection implements EventHandler {
  readonly types = ['tenantStatus'] as const;
  readonly #projected: (port: number) => Promise<void> | void;

  static async createTable(db: Knex): Promise<void> {
    await db.schema.createTable('crash_events', table => {
      table.uuid('cluster_id');
      table.text('tenant');
    });
  }

  /** @param projected - awaited before the transaction goes on */
  constructor(projected: (port: number) => Promise<void> | void) {
    this.#projected = projected;
  }

  async handle(
    tx: Knex.Transaction,
    events: readonly OperatorEvent[],
  ): Promise<ChangedRef[]> {
    for (const { cluster, event } of events) {
      await tx('crash_events').insert({
        cluster_id: cluster.id,
        tenant: event.type === 'tenantStatus' ? event.tenant : null,
      });
    }
    const { rows } = await tx.raw<{ rows: Array<{ port: number }> }>(
      'SELECT inet_client_port() AS port',
    );
    await this.#projected(rows[0].port);
    return [];
  }
}
