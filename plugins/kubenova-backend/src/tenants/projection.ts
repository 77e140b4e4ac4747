import type { Knex } from 'knex';
import type {
  ApplyResultEvent,
  ChangedRef,
  EventHandler,
  TenantStatusEvent,
} from '../link/types';
import { tenantKey } from './manifest';
import type { PlacementStore } from './PlacementStore';
import type { TenantStore } from './TenantStore';

const KEY_PREFIX = tenantKey('');

/** Projects what operators tell of tenants on the placements' rows. */
export class TenantProjection
  implements EventHandler<TenantStatusEvent | ApplyResultEvent>
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
    cluster: { id: string; name: string },
    event: TenantStatusEvent | ApplyResultEvent,
  ): Promise<ChangedRef[]> {
    switch (event.type) {
      case 'tenantStatus': {
        const tenantId = await this.#placements.recordStatus(
          tx,
          cluster.id,
          event,
        );
        return tenantId ? [{ kind: 'tenant', name: event.tenant }] : [];
      }
      case 'applyResult':
        return event.key.startsWith(KEY_PREFIX)
          ? this.#applyResult(tx, cluster.id, event)
          : [];
      default:
        throw new Error(`Unknown event: ${event satisfies never}`);
    }
  }

  async #applyResult(
    tx: Knex.Transaction,
    clusterId: string,
    event: ApplyResultEvent,
  ): Promise<ChangedRef[]> {
    const tenantId = await this.#placements.recordApplyResult(
      tx,
      clusterId,
      event,
    );
    if (!tenantId) {
      return [];
    }
    if (event.outcome === 'Deleted') {
      // A uid is wanted gone at most once, and never wanted again (D3): this is the end of the placement.
      await this.#placements.delete(tx, event.uid);
      await this.#tenants.deleteIfVacated(tx, tenantId);
    }
    return [{ kind: 'tenant', name: event.key.slice(KEY_PREFIX.length) }];
  }
}
