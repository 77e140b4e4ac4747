import type { Knex } from 'knex';
import type {
  ApplyResultEvent,
  ChangedRef,
  ClusterStatusEvent,
  EventHandler,
  SessionListener,
} from '../link/types';
import type { ClusterStore } from './ClusterStore';
import { CLUSTER_CONFIG_KEY } from './manifest';

/** Projects what operators tell of their clusters on the clusters' rows. */
export class ClusterProjection
  implements
    EventHandler<ClusterStatusEvent | ApplyResultEvent>,
    SessionListener
{
  readonly types = ['clusterStatus', 'applyResult'] as const;
  readonly #store: ClusterStore;

  constructor(options: { store: ClusterStore }) {
    this.#store = options.store;
  }

  async handle(
    tx: Knex.Transaction,
    cluster: { id: string; name: string },
    event: ClusterStatusEvent | ApplyResultEvent,
  ): Promise<ChangedRef[]> {
    const isNews = await this.#record(tx, cluster.id, event);
    return isNews ? [{ kind: 'cluster', name: cluster.name }] : [];
  }

  async opened(
    tx: Knex.Transaction,
    session: Parameters<SessionListener['opened']>[1],
  ): Promise<ChangedRef[]> {
    const cluster = await this.#store.recordSession(tx, session);
    return cluster ? [{ kind: 'cluster', name: cluster.name }] : [];
  }

  async #record(
    tx: Knex.Transaction,
    clusterId: string,
    event: ClusterStatusEvent | ApplyResultEvent,
  ): Promise<boolean> {
    switch (event.type) {
      case 'clusterStatus':
        return this.#store.recordStatus(tx, clusterId, event);
      case 'applyResult':
        return (
          event.key === CLUSTER_CONFIG_KEY &&
          this.#store.recordApplyResult(tx, clusterId, event)
        );
      default:
        throw new Error(`Unknown event: ${event satisfies never}`);
    }
  }
}
