import type { Knex } from 'knex';
import type {
  ApplyResultEvent,
  ChangedRef,
  EventHandler,
  EventPosition,
  OperatorEvent,
  SnapshotListener,
  TenantStatusEvent,
} from '../link/types';
import { eventsOf } from '../sync';
import { tenantKey } from './manifest';
import type { PlacementStore } from './PlacementStore';
import type { TenantStore } from './TenantStore';

const KEY_PREFIX = tenantKey('');

/** Projects what operators tell of tenants on the placements' rows. */
export class TenantProjection
  implements
    EventHandler<TenantStatusEvent | ApplyResultEvent>,
    SnapshotListener
{
  readonly types = ['tenantStatus', 'applyResult'] as const;
  readonly #placements: PlacementStore;
  readonly #tenants: TenantStore;

  constructor(options: { placements: PlacementStore; tenants: TenantStore }) {
    this.#placements = options.placements;
    this.#tenants = options.tenants;
  }

  async handle(
    tx: Knex.Transaction,
    events: ReadonlyArray<OperatorEvent<TenantStatusEvent | ApplyResultEvent>>,
  ): Promise<ChangedRef[]> {
    const statuses = await this.#placements.recordStatuses(
      tx,
      eventsOf(events, 'tenantStatus'),
    );
    const results = await this.#applyResults(
      tx,
      eventsOf(events, 'applyResult').filter(({ event }) =>
        event.key.startsWith(KEY_PREFIX),
      ),
    );
    const names = [...statuses.map(({ tenant }) => tenant), ...results];
    return names.map(name => ({ kind: 'tenant', name }));
  }

  async snapshotEnded(
    tx: Knex.Transaction,
    snapshot: { cluster: { id: string }; begin: EventPosition },
  ): Promise<ChangedRef[]> {
    const tenants = await this.#placements.markNotObserved(
      tx,
      snapshot.cluster.id,
      snapshot.begin,
    );
    return tenants.map(name => ({ kind: 'tenant', name }));
  }

  /** @returns the names of the tenants of which something was written. */
  async #applyResults(
    tx: Knex.Transaction,
    events: ReadonlyArray<OperatorEvent<ApplyResultEvent>>,
  ): Promise<string[]> {
    const written = await this.#placements.recordApplyResults(tx, events);
    const vacated = new Set<string>();
    for (const { told, ownerId } of written) {
      // A uid is wanted gone at most once, and never wanted again (D3): this is the end of the placement.
      if (
        told.event.outcome === 'Deleted' &&
        (await this.#placements.deleteConfirmed(tx, told.event.uid))
      ) {
        vacated.add(ownerId);
      }
    }
    // In one order everywhere: another ingest may be confirming other placements of the same tenants.
    for (const tenantId of [...vacated].sort()) {
      await this.#tenants.deleteIfVacated(tx, tenantId);
    }
    return written.map(({ told }) => told.event.key.slice(KEY_PREFIX.length));
  }
}
