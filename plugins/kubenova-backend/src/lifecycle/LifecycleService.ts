import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import type { ClusterFinder } from '../clusters';
import { InvalidRequestError } from '../errors';
import { isUuid, pageOf, type Page } from '../router';
import type * as models from '../schema/openapi/generated/models';
import type { LifecycleStore } from './LifecycleStore';
import { toLifecycleModel } from './mappers';

/** Tells what became of the objects of a cluster, step by step. */
export class LifecycleService {
  readonly #clusters: ClusterFinder;
  readonly #database: Knex;
  readonly #store: LifecycleStore;

  constructor(options: {
    clusters: ClusterFinder;
    database: Knex;
    store: LifecycleStore;
  }) {
    this.#clusters = options.clusters;
    this.#database = options.database;
    this.#store = options.store;
  }

  /** Newest first. */
  async list(
    clusterName: string,
    page: Page,
    filter: { key?: string },
  ): Promise<models.LifecycleList> {
    const before = page.after && readPlace(page.after);
    const { id } = await this.#clusters.require(this.#database, clusterName);
    const entries = await this.#store.list(this.#database, {
      clusterId: id,
      key: filter.key,
      limit: page.limit + 1,
      before,
    });
    const { items, nextCursor } = pageOf(entries, page.limit, entry => [
      String(entry.observedAt.toMillis()),
      entry.id,
    ]);
    return { items: items.map(toLifecycleModel), nextCursor };
  }
}

function readPlace([millis, id]: string[]): {
  observedAt: DateTime;
  id: string;
} {
  const observedAt = DateTime.fromMillis(Number(millis), { zone: 'utc' });
  if (!/^\d{1,14}$/.test(millis) || !observedAt.isValid || !isUuid(id)) {
    throw new InvalidRequestError(
      'CURSOR_INVALID',
      'The cursor is not one of this list; start again without one.',
    );
  }
  return { observedAt, id };
}
