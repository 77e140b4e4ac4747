import { nameProblem } from '@kubenova/plugin-kubenova-common';
import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import {
  beingDeleted,
  InvalidRequestError,
  isUniqueViolation,
  StateConflictError,
} from '../errors';
import type { ChangeNotifier } from '../link/types';
import { changedMeanwhile, checkEtag, type IdempotencyStore } from '../router';
import type * as models from '../schema/openapi/generated/models';
import type { Actor } from '../users';
import type { ApplicationPresenter } from './ApplicationPresenter';
import type { ApplicationReader } from './ApplicationReader';
import type { ApplicationStore } from './ApplicationStore';
import type { DeploymentStore } from './DeploymentStore';
import type { DeploymentWriter } from './DeploymentWriter';
import { desiredYaml, type CheckedApplication } from './desiredYaml';
import type { DeploymentTargets } from './DeploymentTargets';
import type { Application, Deployment } from './types';

/** The rules of changing applications. For the order of locks see ClusterService. */
export class ApplicationService {
  readonly #applications: ApplicationStore;
  readonly #changes: ChangeNotifier;
  readonly #clock: () => DateTime;
  readonly #database: Knex;
  readonly #deployments: DeploymentStore;
  readonly #idempotency: IdempotencyStore;
  readonly #presenter: ApplicationPresenter;
  readonly #reader: ApplicationReader;
  readonly #targets: DeploymentTargets;
  readonly #uuid: () => string;
  readonly #writer: DeploymentWriter;

  constructor(options: {
    applications: ApplicationStore;
    changes: ChangeNotifier;
    clock: () => DateTime;
    database: Knex;
    deployments: DeploymentStore;
    idempotency: IdempotencyStore;
    presenter: ApplicationPresenter;
    reader: ApplicationReader;
    targets: DeploymentTargets;
    uuid: () => string;
    writer: DeploymentWriter;
  }) {
    this.#applications = options.applications;
    this.#changes = options.changes;
    this.#clock = options.clock;
    this.#database = options.database;
    this.#deployments = options.deployments;
    this.#idempotency = options.idempotency;
    this.#presenter = options.presenter;
    this.#reader = options.reader;
    this.#targets = options.targets;
    this.#uuid = options.uuid;
    this.#writer = options.writer;
  }

  async create(
    request: models.CreateApplicationRequest,
    options: { actor: Actor; idempotencyKey?: string },
  ): Promise<models.Application> {
    const problem = nameProblem(request.name);
    if (problem) {
      throw new InvalidRequestError('NAME_INVALID', problem);
    }
    const desired = desiredYaml(request, request);
    const repeatable = {
      actor: options.actor.ref,
      key: options.idempotencyKey,
      operation: 'POST /applications',
      body: request,
    };
    const answer = await this.#database.transaction(tx =>
      this.#idempotency.once(tx, repeatable, () =>
        this.#insert(tx, request, desired, options.actor),
      ),
    );
    this.#changed(answer);
    return answer;
  }

  /** Deploys a new revision, or the same one in other clusters. */
  async update(
    id: string,
    request: models.UpdateApplicationRequest,
    options: { actor: Actor; ifMatch?: string },
  ): Promise<models.Application> {
    return this.#change(id, options, async (tx, application, deployments) => {
      if (application.deletingAt) {
        throw beingDeleted(application.name, clustersOf(deployments));
      }
      const desired = this.#desiredRevision(application, request);
      const revision = application.revision + (desired.isNew ? 1 : 0);
      const targets = await this.#targets.choose(
        tx,
        application.tenant.name,
        request.clusters,
        deployments,
      );
      await this.#writer.write(
        tx,
        {
          application: identityOf(application),
          revision: { number: revision, object: desired.object },
          ...targets,
        },
        async () => {
          if (desired.isNew) {
            await this.#applications.insertRevision(tx, application.id, {
              revision,
              yaml: desired.yaml,
              createdBy: options.actor.ref,
              createdAt: this.#clock(),
            });
          }
        },
      );
      return 'changed';
    });
  }

  /** Deletes an application; it is listed as deleting until every cluster has confirmed. */
  async delete(
    id: string,
    options: { ifMatch?: string },
  ): Promise<models.Application> {
    return this.#change(id, options, async (tx, application, deployments) => {
      if (application.deletingAt) {
        return 'unchanged';
      }
      await this.#writer.write(
        tx,
        {
          application: identityOf(application),
          add: [],
          keep: [],
          remove: deployments.filter(({ deletingAt }) => !deletingAt),
        },
        async () => {},
      );
      return 'deleting';
    });
  }

  async #insert(
    tx: Knex.Transaction,
    request: models.CreateApplicationRequest,
    desired: CheckedApplication,
    actor: Actor,
  ): Promise<models.Application> {
    const { tenant, placements } = await this.#targets.require(
      tx,
      request.tenant,
      request.clusters,
    );
    await this.#refuseTakenName(tx, tenant.id, request.name);
    const id = this.#uuid();
    await this.#writer.write(
      tx,
      {
        application: { id, tenant: tenant.name, name: request.name },
        revision: { number: 1, object: desired.object },
        add: placements,
        keep: [],
        remove: [],
      },
      () =>
        this.#applications
          .insert(tx, {
            id,
            tenantId: tenant.id,
            name: request.name,
            yaml: desired.yaml,
            createdBy: actor.ref,
            createdAt: this.#clock(),
          })
          .catch(error => {
            throw isUniqueViolation(error) ? nameTaken(request) : error;
          }),
    );
    return this.#presenter.presentOne(tx, await this.#reader.require(tx, id));
  }

  async #refuseTakenName(
    tx: Knex.Transaction,
    tenantId: string,
    name: string,
  ): Promise<void> {
    const taken = await this.#applications.findByName(tx, tenantId, name);
    if (!taken) {
      return;
    }
    if (taken.deletingAt) {
      const deployments = await this.#deployments.list(tx, [taken.id]);
      throw beingDeleted(name, clustersOf(deployments));
    }
    throw nameTaken({ tenant: taken.tenant.name, name });
  }

  #desiredRevision(
    application: Application,
    request: models.UpdateApplicationRequest,
  ): CheckedApplication & { isNew: boolean } {
    const isOnlyPlaced =
      request.clusters && !('yaml' in request) && !('form' in request);
    const desired = desiredYaml(
      isOnlyPlaced ? { yaml: application.yaml } : request,
      identityOf(application),
    );
    return { ...desired, isNew: desired.yaml !== application.yaml };
  }

  /** Reads an application, changes it, and raises its version, on condition that nobody else did meanwhile. */
  async #change(
    id: string,
    options: { ifMatch?: string },
    change: (
      tx: Knex.Transaction,
      application: Application,
      deployments: Deployment[],
    ) => Promise<'unchanged' | 'changed' | 'deleting'>,
  ): Promise<models.Application> {
    const answer = await this.#database.transaction(async tx => {
      const application = await this.#reader.require(tx, id);
      checkEtag(application, options.ifMatch);
      const deployments = await this.#deployments.list(tx, [application.id]);
      const outcome = await change(tx, application, deployments);
      if (outcome !== 'unchanged') {
        const touched = await this.#applications.touch(tx, {
          id: application.id,
          version: application.version,
          at: this.#clock(),
          ...(outcome === 'deleting' && { deleting: true }),
        });
        if (!touched) {
          throw changedMeanwhile();
        }
      }
      const changed = await this.#reader.require(tx, id);
      const presented = await this.#presenter.presentOne(tx, changed);
      await this.#applications.deleteIfVacated(tx, application.id);
      return presented;
    });
    this.#changed(answer);
    return answer;
  }

  #changed(application: { id: string; tenant: string; name: string }): void {
    const { id, tenant, name } = application;
    this.#changes.changed([{ kind: 'application', id, tenant, name }]);
  }
}

function identityOf(application: Application) {
  const { id, tenant, name } = application;
  return { id, tenant: tenant.name, name };
}

function clustersOf(deployments: readonly Deployment[]): string[] {
  return deployments.map(({ cluster }) => cluster.name);
}

function nameTaken(application: {
  tenant: string;
  name: string;
}): StateConflictError {
  return new StateConflictError(
    'NAME_TAKEN',
    `${application.tenant} has an application named ${application.name}; choose another name, or change that one.`,
  );
}
