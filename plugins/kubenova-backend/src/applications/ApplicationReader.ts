import type { Knex } from 'knex';
import { InvalidRequestError, UnknownObjectError } from '../errors';
import { isUuid, pageOf, type Page } from '../router';
import type * as models from '../schema/openapi/generated/models';
import type { ApplicationPresenter } from './ApplicationPresenter';
import type { ApplicationStore } from './ApplicationStore';
import { toRevisionModel, toStatusModel } from './mappers';
import type { Application } from './types';

/** Reads applications: what is wanted and what was last told of it, from the database. */
export class ApplicationReader {
  readonly #applications: ApplicationStore;
  readonly #database: Knex;
  readonly #presenter: ApplicationPresenter;

  constructor(options: {
    applications: ApplicationStore;
    database: Knex;
    presenter: ApplicationPresenter;
  }) {
    this.#applications = options.applications;
    this.#database = options.database;
    this.#presenter = options.presenter;
  }

  async list(
    page: Page,
    filter: { tenant?: string; name?: string; cluster?: string } = {},
  ): Promise<models.ApplicationList> {
    const applications = await this.#applications.list(this.#database, {
      ...filter,
      limit: page.limit + 1,
      ...(page.after && {
        after: { tenant: page.after[0], name: page.after[1] },
      }),
    });
    const { items, nextCursor } = pageOf(applications, page.limit, a => [
      a.tenant.name,
      a.name,
    ]);
    return {
      items: await this.#presenter.present(this.#database, items),
      nextCursor,
    };
  }

  async get(id: string): Promise<models.Application> {
    const application = await this.require(this.#database, id);
    return this.#presenter.presentOne(this.#database, application);
  }

  /** The last-synced status: the database's, no cluster is asked. */
  async status(id: string): Promise<models.ApplicationStatus> {
    return toStatusModel(await this.get(id));
  }

  async revisions(
    id: string,
    page: Page,
  ): Promise<models.ApplicationRevisionList> {
    const application = await this.require(this.#database, id);
    const before = page.after && revisionOf(page.after[0]);
    const revisions = await this.#applications.revisions(
      this.#database,
      application.id,
      { limit: page.limit + 1, before },
    );
    const { items, nextCursor } = pageOf(revisions, page.limit, r => [
      String(r.revision),
    ]);
    return { items: items.map(toRevisionModel), nextCursor };
  }

  /** @throws UnknownObjectError (APPLICATION_NOT_FOUND) */
  async require(db: Knex | Knex.Transaction, id: string): Promise<Application> {
    const application = isUuid(id)
      ? await this.#applications.find(db, id)
      : undefined;
    if (!application) {
      throw new UnknownObjectError(
        'APPLICATION_NOT_FOUND',
        `There is no application with the id ${id}; it may have been deleted.`,
      );
    }
    return application;
  }
}

function revisionOf(sortKey: string): number {
  if (!/^\d{1,9}$/.test(sortKey)) {
    throw new InvalidRequestError(
      'CURSOR_INVALID',
      'The cursor is not one of this list; start again without one.',
    );
  }
  return Number(sortKey);
}
