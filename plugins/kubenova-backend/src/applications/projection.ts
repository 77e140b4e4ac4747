import type { Knex } from 'knex';
import type {
  ApplicationStatusEvent,
  ApplyResultEvent,
  ChangedRef,
  EventHandler,
} from '../link/types';
import type { ApplicationStore } from './ApplicationStore';
import type { DeploymentStore } from './DeploymentStore';

const KEY = /^applications\/(?<tenant>[^/]+)\/(?<name>[^/]+)$/;

/** Projects what operators tell of applications on the deployments' rows. */
export class ApplicationProjection
  implements EventHandler<ApplicationStatusEvent | ApplyResultEvent>
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
    cluster: { id: string; name: string },
    event: ApplicationStatusEvent | ApplyResultEvent,
  ): Promise<ChangedRef[]> {
    switch (event.type) {
      case 'applicationStatus': {
        const { tenant, application: name } = event;
        const id = await this.#deployments.recordStatus(tx, cluster.id, event);
        return id ? [{ kind: 'application', id, tenant, name }] : [];
      }
      case 'applyResult':
        return this.#applyResult(tx, cluster.id, event);
      default:
        throw new Error(`Unknown event: ${event satisfies never}`);
    }
  }

  async #applyResult(
    tx: Knex.Transaction,
    clusterId: string,
    event: ApplyResultEvent,
  ): Promise<ChangedRef[]> {
    const key = KEY.exec(event.key)?.groups;
    const id =
      key && (await this.#deployments.recordApplyResult(tx, clusterId, event));
    if (!id) {
      return [];
    }
    if (event.outcome === 'Deleted') {
      // A uid is wanted gone at most once, and never wanted again (D3): this is the end of the deployment.
      await this.#deployments.delete(tx, event.uid);
      await this.#applications.deleteIfVacated(tx, id);
    }
    return [{ kind: 'application', id, tenant: key.tenant, name: key.name }];
  }
}
