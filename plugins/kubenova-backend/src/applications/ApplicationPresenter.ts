import type { Knex } from 'knex';
import type { LinkStates, Outbox } from '../link/types';
import type * as models from '../schema/openapi/generated/models';
import type { DeploymentStore } from './DeploymentStore';
import { applicationKey } from './manifest';
import { toApplicationModel, toDeploymentModel } from './mappers';
import type { Application } from './types';

/** Puts applications in the API's words, with their deployments and what the link knows of them: a few queries for any number. */
export class ApplicationPresenter {
  readonly #deployments: DeploymentStore;
  readonly #linkStates: LinkStates;
  readonly #outbox: Outbox;

  constructor(options: {
    deployments: DeploymentStore;
    linkStates: LinkStates;
    outbox: Outbox;
  }) {
    this.#deployments = options.deployments;
    this.#linkStates = options.linkStates;
    this.#outbox = options.outbox;
  }

  async presentOne(
    db: Knex | Knex.Transaction,
    application: Application,
  ): Promise<models.Application> {
    const [model] = await this.present(db, [application]);
    return model;
  }

  async present(
    db: Knex | Knex.Transaction,
    applications: readonly Application[],
  ): Promise<models.Application[]> {
    const keys = new Map(
      applications.map(({ id, tenant, name }) => [
        id,
        applicationKey({ tenant: tenant.name, name }),
      ]),
    );
    const deployments = (
      await this.#deployments.list(db, [...keys.keys()])
    ).map(deployment => ({
      deployment,
      clusterId: deployment.cluster.id,
      key: keys.get(deployment.applicationId) ?? '',
    }));
    const desired = await this.#outbox.find(
      db,
      deployments.map(({ clusterId, key }) => ({ clusterId, key })),
    );
    const links = await this.#linkStates.find(db, [
      ...new Set(deployments.map(({ clusterId }) => clusterId)),
    ]);
    const presented = deployments.map(({ deployment, clusterId, key }) => ({
      applicationId: deployment.applicationId,
      model: toDeploymentModel(
        deployment,
        desired.find(d => d.clusterId === clusterId && d.key === key),
        links.find(link => link.clusterId === clusterId),
      ),
    }));
    return applications.map(application =>
      toApplicationModel(
        application,
        presented
          .filter(({ applicationId }) => applicationId === application.id)
          .map(({ model }) => model),
      ),
    );
  }
}
