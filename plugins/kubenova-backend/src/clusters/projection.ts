import type { Knex } from 'knex';
import type {
  ApplyResultEvent,
  ChangedRef,
  ClusterStatusEvent,
  EventHandler,
  EventPosition,
  OperatorEvent,
  SessionListener,
  SnapshotListener,
} from '../link/types';
import { eventsOf } from '../sync';
import type { ClusterStore } from './ClusterStore';
import { CLUSTER_CONFIG_KEY } from './manifest';

/** Projects what operators tell of their clusters on the clusters' rows. */
export class ClusterProjection
  implements
    EventHandler<ClusterStatusEvent | ApplyResultEvent>,
    SessionListener,
    SnapshotListener
{
  readonly types = ['clusterStatus', 'applyResult'] as const;
  readonly #store: ClusterStore;

  constructor(options: { store: ClusterStore }) {
    this.#store = options.store;
  }

  async handle(
    tx: Knex.Transaction,
    events: ReadonlyArray<OperatorEvent<ClusterStatusEvent | ApplyResultEvent>>,
  ): Promise<ChangedRef[]> {
    const news = new Set([
      ...(await this.#store.recordStatuses(
        tx,
        eventsOf(events, 'clusterStatus'),
      )),
      ...(await this.#store.recordApplyResults(
        tx,
        eventsOf(events, 'applyResult').filter(
          ({ event }) => event.key === CLUSTER_CONFIG_KEY,
        ),
      )),
    ]);
    const names = new Map(
      events.map(({ cluster }) => [cluster.id, cluster.name]),
    );
    return [...names]
      .filter(([id]) => news.has(id))
      .map(([, name]) => ({ kind: 'cluster', name }));
  }

  async opened(
    tx: Knex.Transaction,
    session: Parameters<SessionListener['opened']>[1],
  ): Promise<ChangedRef[]> {
    const cluster = await this.#store.recordSession(tx, session);
    return cluster ? [{ kind: 'cluster', name: cluster.name }] : [];
  }

  async snapshotEnded(
    tx: Knex.Transaction,
    snapshot: { cluster: { id: string; name: string }; begin: EventPosition },
  ): Promise<ChangedRef[]> {
    const { cluster, begin } = snapshot;
    const marked = await this.#store.markNotObserved(tx, cluster.id, begin);
    return marked ? [{ kind: 'cluster', name: cluster.name }] : [];
  }
}
