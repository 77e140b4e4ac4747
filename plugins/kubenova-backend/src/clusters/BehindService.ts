import type { Knex } from 'knex';
import { StateConflictError, UnknownObjectError } from '../errors';
import type { BehindDecisions } from '../link';
import type { BehindEntry, ChangeNotifier, Outbox } from '../link/types';
import type * as models from '../schema/openapi/generated/models';
import type { Actor } from '../users';
import type { Cluster } from './types';

/** Finds clusters by their name; kept by ClusterService. */
export interface ClusterFinder {
  /** @throws UnknownObjectError (CLUSTER_NOT_FOUND) */
  require(db: Knex | Knex.Transaction, name: string): Promise<Cluster>;
}

/** What people do about desired states that a cluster's operator has otherwise, or could not carry out. */
export class BehindService {
  readonly #changes: ChangeNotifier;
  readonly #clusters: ClusterFinder;
  readonly #database: Knex;
  readonly #decisions: BehindDecisions;
  readonly #outbox: Outbox;

  constructor(options: {
    changes: ChangeNotifier;
    clusters: ClusterFinder;
    database: Knex;
    decisions: BehindDecisions;
    outbox: Outbox;
  }) {
    this.#changes = options.changes;
    this.#clusters = options.clusters;
    this.#database = options.database;
    this.#decisions = options.decisions;
    this.#outbox = options.outbox;
  }

  async get(clusterName: string): Promise<models.ManagerBehind> {
    const cluster = await this.#clusters.require(this.#database, clusterName);
    return toManagerBehind(await this.#decisions.list(cluster));
  }

  /** For what is refused, see BehindDecisions. */
  async decide(
    clusterName: string,
    request: models.BehindDecisionRequest,
    options: { actor: Actor },
  ): Promise<models.ManagerBehind> {
    const cluster = await this.#clusters.require(this.#database, clusterName);
    const actor = options.actor.ref;
    await this.#decisions.decide(cluster, { ...request, actor });
    return toManagerBehind(await this.#decisions.list(cluster));
  }

  /** @throws UnknownObjectError or StateConflictError (NOT_RETRYABLE) where there is nothing to try again. */
  async retry(clusterName: string, key: string): Promise<models.RetriedState> {
    const cluster = await this.#clusters.require(this.#database, clusterName);
    const retried = await this.#database.transaction(tx =>
      this.#outbox.retry(tx, { clusterId: cluster.id, key }),
    );
    switch (retried.outcome) {
      case 'unknown':
        throw new UnknownObjectError(
          'NOT_RETRYABLE',
          `Nothing is wanted of ${key} in ${clusterName}; look at the page of what you mean for its clusters.`,
        );
      case 'not_failed':
        throw new StateConflictError(
          'NOT_RETRYABLE',
          `${key} has not failed in ${clusterName}, so there is nothing to try again; ${
            retried.last
              ? `the operator said: ${retried.last}`
              : 'wait for what the operator says'
          }.`,
        );
      default:
        this.#changes.changed([{ kind: 'cluster', name: clusterName }]);
        return { key, generation: retried.generation };
    }
  }
}

function toManagerBehind(
  entries: readonly BehindEntry[],
): models.ManagerBehind {
  const found = entries.map(({ foundAt }) => foundAt.toMillis());
  return {
    ...(found.length > 0 && { since: new Date(Math.min(...found)) }),
    entries: entries.map(entry => ({
      key: entry.key,
      difference: entry.difference,
      foundAt: entry.foundAt.toJSDate(),
      operator: toState(entry.operator),
      ...(entry.manager && { manager: toState(entry.manager) }),
      adoptable: entry.refusal === undefined,
      ...(entry.refusal && { refusal: entry.refusal }),
      etag: entry.etag,
    })),
  };
}

function toState(state: BehindEntry['operator']): models.BehindState {
  const { generation, uid, deleted, yaml } = state;
  return { generation, uid, deleted, ...(yaml !== undefined && { yaml }) };
}
