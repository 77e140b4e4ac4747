import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import type { Application, ApplicationRevision } from './types';

type Db = Knex | Knex.Transaction;

export interface ApplicationStore {
  /** By tenant and name. */
  list(
    db: Db,
    query: {
      limit: number;
      after?: { tenant: string; name: string };
      tenant?: string;
      name?: string;
      cluster?: string;
    },
  ): Promise<Application[]>;
  find(db: Db, id: string): Promise<Application | undefined>;
  findByName(
    db: Db,
    tenantId: string,
    name: string,
  ): Promise<Application | undefined>;
  /** Newest first. */
  revisions(
    db: Db,
    applicationId: string,
    page: { limit: number; before?: number },
  ): Promise<ApplicationRevision[]>;
  /** Adds an application with its first revision. */
  insert(
    tx: Knex.Transaction,
    application: {
      id: string;
      tenantId: string;
      name: string;
      yaml: string;
      createdBy: string;
      createdAt: DateTime;
    },
  ): Promise<void>;
  /** Adds a revision and makes it the newest. */
  insertRevision(
    tx: Knex.Transaction,
    applicationId: string,
    revision: ApplicationRevision,
  ): Promise<void>;
  /**
   * Marks a change of an application or its deployments.
   *
   * @returns false where the application is gone or no longer of that version.
   */
  touch(
    tx: Knex.Transaction,
    change: { id: string; version: number; at: DateTime; deleting?: true },
  ): Promise<boolean>;
  /** Deletes an application that is to be deleted and has no deployment left; returns whether it did. */
  deleteIfVacated(tx: Knex.Transaction, id: string): Promise<boolean>;
}
