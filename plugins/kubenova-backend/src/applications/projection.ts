import type { Knex } from 'knex';
import type {
  ApplicationStatusEvent,
  ApplyResultEvent,
  ChangedRef,
  EventHandler,
  EventPosition,
  OperatorEvent,
  SnapshotListener,
} from '../link/types';
import { eventsOf, type WrittenApplyResult } from '../sync';
import type { ApplicationStore } from './ApplicationStore';
import type { DeploymentStore } from './DeploymentStore';

const KEY = /^applications\/(?<tenant>[^/]+)\/(?<name>[^/]+)$/;

/** Projects what operators tell of applications on the deployments' rows. */
export class ApplicationProjection
  implements
    EventHandler<ApplicationStatusEvent | ApplyResultEvent>,
    SnapshotListener
{
  readonly types = ['applicationStatus', 'applyResult'] as const;
  readonly #applications: ApplicationStore;
  readonly #deployments: DeploymentStore;

  constructor(options: {
    applications: ApplicationStore;
    deployments: DeploymentStore;
  }) {
    this.#applications = options.applications;
    this.#deployments = options.deployments;
  }

  async handle(
    tx: Knex.Transaction,
    events: ReadonlyArray<
      OperatorEvent<ApplicationStatusEvent | ApplyResultEvent>
    >,
  ): Promise<ChangedRef[]> {
    const statuses = await this.#deployments.recordStatuses(
      tx,
      eventsOf(events, 'applicationStatus'),
    );
    const results = await this.#deployments.recordApplyResults(
      tx,
      eventsOf(events, 'applyResult').filter(({ event }) =>
        KEY.test(event.key),
      ),
    );
    await this.#deleteConfirmed(tx, results);
    return [
      ...statuses.map(({ event, applicationId }) =>
        refOf(applicationId, event.tenant, event.application),
      ),
      ...results.map(({ told, ownerId }) => {
        const { tenant, name } = KEY.exec(told.event.key)?.groups ?? {};
        return refOf(ownerId, tenant, name);
      }),
    ];
  }

  async snapshotEnded(
    tx: Knex.Transaction,
    snapshot: { cluster: { id: string }; begin: EventPosition },
  ): Promise<ChangedRef[]> {
    const applications = await this.#deployments.markNotObserved(
      tx,
      snapshot.cluster.id,
      snapshot.begin,
    );
    return applications.map(({ id, tenant, name }) => refOf(id, tenant, name));
  }

  async #deleteConfirmed(
    tx: Knex.Transaction,
    results: readonly WrittenApplyResult[],
  ): Promise<void> {
    const vacated = new Set<string>();
    for (const { told, ownerId } of results) {
      // A uid is wanted gone at most once, and never wanted again (D3): this is the end of the deployment.
      if (
        told.event.outcome === 'Deleted' &&
        (await this.#deployments.deleteConfirmed(tx, told.event.uid))
      ) {
        vacated.add(ownerId);
      }
    }
    // In one order everywhere: another ingest may be confirming other deployments of the same applications.
    for (const applicationId of [...vacated].sort()) {
      await this.#applications.deleteIfVacated(tx, applicationId);
    }
  }
}

function refOf(id: string, tenant: string, name: string): ChangedRef {
  return { kind: 'application', id, tenant, name };
}
