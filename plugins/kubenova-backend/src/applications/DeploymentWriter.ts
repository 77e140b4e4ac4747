import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import { beingDeleted, isReserved, StateConflictError } from '../errors';
import type { Outbox } from '../link/types';
import { inClusterOrder } from '../sync';
import type { Placement, PlacementStore } from '../tenants';
import type { PlainObject } from './checkApplicationYaml';
import type { DeploymentStore } from './DeploymentStore';
import { applicationKey, velaApplication } from './manifest';
import type { Deployment } from './types';

/** What becomes of an application's deployments in one transaction. */
export interface DeploymentPlan {
  application: { id: string; tenant: string; name: string };
  /** Absent where only clusters are taken away. */
  revision?: { number: number; object: PlainObject };
  add: readonly Placement[];
  keep: readonly Deployment[];
  remove: readonly Deployment[];
}

type Want = { id: string; clusterId: string; clusterName: string } & (
  | { wanted: true; object: PlainObject }
  | { wanted: false }
);

/**
 * Writes deployments together with what their operators are to have.
 *
 * 1. The outbox, which locks link rows, is written before any row that the ingest writes, and in the order of the clusters (see
 *    ClusterService).
 * 2. A placement is shared before a deployment is added to it: while it is being deleted, none is (D5).
 */
export class DeploymentWriter {
  readonly #clock: () => DateTime;
  readonly #deployments: DeploymentStore;
  readonly #outbox: Outbox;
  readonly #placements: PlacementStore;
  readonly #uuid: () => string;

  constructor(options: {
    clock: () => DateTime;
    deployments: DeploymentStore;
    outbox: Outbox;
    placements: PlacementStore;
    uuid: () => string;
  }) {
    this.#clock = options.clock;
    this.#deployments = options.deployments;
    this.#outbox = options.outbox;
    this.#placements = options.placements;
    this.#uuid = options.uuid;
  }

  /**
   * @param insertApplication - adds the rows that deployments refer to; called once the outbox is written.
   * @throws StateConflictError (NAME_BEING_DELETED, PLACEMENT_DELETING)
   */
  async write(
    tx: Knex.Transaction,
    plan: DeploymentPlan,
    insertApplication: () => Promise<void>,
  ): Promise<void> {
    const added = plan.add.map(placement => ({ id: this.#uuid(), placement }));
    const neverSent = await this.#writeOutbox(tx, plan, added);
    await insertApplication();
    await this.#add(tx, plan, added);
    if (plan.revision) {
      const kept = plan.keep.map(({ id }) => id);
      await this.#deployments.setRevision(tx, kept, plan.revision.number);
    }
    for (const { id } of plan.remove) {
      if (neverSent.has(id)) {
        await this.#deployments.delete(tx, id);
      } else {
        await this.#deployments.markDeleting(tx, id, this.#clock());
      }
    }
  }

  /** @returns the ids of removed deployments of which no operator was ever told. */
  async #writeOutbox(
    tx: Knex.Transaction,
    plan: DeploymentPlan,
    added: ReadonlyArray<{ id: string; placement: Placement }>,
  ): Promise<Set<string>> {
    const neverSent = new Set<string>();
    for (const want of inClusterOrder(wantsOf(plan, added), w => w.clusterId)) {
      const { id, clusterId } = want;
      const state = {
        clusterId,
        key: applicationKey(plan.application),
        uid: id,
      };
      if (want.wanted) {
        const yaml = velaApplication(want.object, { ...plan.application, id });
        await this.#outbox.put(tx, { ...state, yaml }).catch(error => {
          throw isReserved(error)
            ? beingDeleted(plan.application.name, [want.clusterName])
            : error;
        });
      } else if (!(await this.#outbox.remove(tx, state))) {
        neverSent.add(id);
      }
    }
    return neverSent;
  }

  async #add(
    tx: Knex.Transaction,
    plan: DeploymentPlan,
    added: ReadonlyArray<{ id: string; placement: Placement }>,
  ): Promise<void> {
    const shared = await this.#placements.share(
      tx,
      added.map(({ placement }) => placement.id),
    );
    for (const { id, placement } of added) {
      const isThere = shared.some(p => p.id === placement.id && !p.deletingAt);
      if (!isThere) {
        throw placementDeleting(plan.application.tenant, placement);
      }
      await this.#deployments.insert(tx, {
        id,
        applicationId: plan.application.id,
        placementId: placement.id,
        clusterId: placement.cluster.id,
        revision: plan.revision?.number ?? 1,
        createdAt: this.#clock(),
      });
    }
  }
}

function wantsOf(
  plan: DeploymentPlan,
  added: ReadonlyArray<{ id: string; placement: Placement }>,
): Want[] {
  const cluster = ({ cluster: { id, name } }: Placement | Deployment) => ({
    clusterId: id,
    clusterName: name,
  });
  const object = plan.revision?.object;
  const wanted = [
    ...added.map(({ id, placement }) => ({ id, ...cluster(placement) })),
    ...plan.keep.map(kept => ({ id: kept.id, ...cluster(kept) })),
  ];
  return [
    ...(object
      ? wanted.map(w => ({ ...w, wanted: true as const, object }))
      : []),
    ...plan.remove.map(removed => ({
      id: removed.id,
      ...cluster(removed),
      wanted: false as const,
    })),
  ];
}

export function placementDeleting(
  tenant: string,
  placement: Placement,
): StateConflictError {
  return new StateConflictError(
    'PLACEMENT_DELETING',
    `${tenant} is being deleted in ${placement.cluster.name}; choose another cluster.`,
  );
}
