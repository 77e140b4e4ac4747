import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import type { ApplicationStore } from './ApplicationStore';
import { deleteVacatedApplication } from './operations/deleteVacatedApplication';
import type { Application, ApplicationRevision } from './types';

type Db = Knex | Knex.Transaction;

interface ApplicationRow {
  id: string;
  tenant_id: string;
  tenant_name: string;
  name: string;
  revision: number;
  yaml: string;
  deleting_at: Date | null;
  version: number;
  created_by: string;
  created_at: Date;
  updated_at: Date;
}

interface RevisionRow {
  application_id: string;
  revision: number;
  yaml: string;
  created_by: string;
  created_at: Date;
}

export class DatabaseApplicationStore implements ApplicationStore {
  async list(
    db: Db,
    query: {
      limit: number;
      after?: { tenant: string; name: string };
      tenant?: string;
      name?: string;
      cluster?: string;
    },
  ): Promise<Application[]> {
    const { after, tenant, name, cluster } = query;
    const rows: ApplicationRow[] = await applicationQuery(db)
      .modify(select => {
        if (tenant !== undefined) {
          select.where('tenants.name', tenant);
        }
        if (name !== undefined) {
          select.where('applications.name', name);
        }
        if (cluster !== undefined) {
          select.whereIn('applications.id', deployedIn(db, cluster));
        }
        if (after) {
          select.whereRaw('(tenants.name, applications.name) > (?, ?)', [
            after.tenant,
            after.name,
          ]);
        }
      })
      .orderBy(['tenants.name', 'applications.name'])
      .limit(query.limit);
    return rows.map(toApplication);
  }

  async find(db: Db, id: string): Promise<Application | undefined> {
    const [row] = await applicationQuery(db).where('applications.id', id);
    return row && toApplication(row);
  }

  async findByName(
    db: Db,
    tenantId: string,
    name: string,
  ): Promise<Application | undefined> {
    const [row] = await applicationQuery(db).where({
      'applications.tenant_id': tenantId,
      'applications.name': name,
    });
    return row && toApplication(row);
  }

  async revisions(
    db: Db,
    applicationId: string,
    page: { limit: number; before?: number },
  ): Promise<ApplicationRevision[]> {
    const rows: RevisionRow[] = await db('application_revisions')
      .where({ application_id: applicationId })
      .modify(query => {
        if (page.before !== undefined) {
          query.where('revision', '<', page.before);
        }
      })
      .orderBy('revision', 'desc')
      .limit(page.limit);
    return rows.map(row => ({
      revision: row.revision,
      yaml: row.yaml,
      createdBy: row.created_by,
      createdAt: fromDate(row.created_at),
    }));
  }

  async insert(
    tx: Knex.Transaction,
    application: {
      id: string;
      tenantId: string;
      name: string;
      yaml: string;
      createdBy: string;
      createdAt: DateTime;
    },
  ): Promise<void> {
    const { id, createdBy, createdAt } = application;
    await tx('applications').insert({
      id,
      tenant_id: application.tenantId,
      name: application.name,
      revision: 1,
      created_by: createdBy,
      created_at: createdAt.toJSDate(),
      updated_at: createdAt.toJSDate(),
    });
    await this.insertRevision(tx, id, {
      revision: 1,
      yaml: application.yaml,
      createdBy,
      createdAt,
    });
  }

  async insertRevision(
    tx: Knex.Transaction,
    applicationId: string,
    revision: ApplicationRevision,
  ): Promise<void> {
    await tx('application_revisions').insert({
      application_id: applicationId,
      revision: revision.revision,
      yaml: revision.yaml,
      created_by: revision.createdBy,
      created_at: revision.createdAt.toJSDate(),
    });
    await tx('applications')
      .where({ id: applicationId })
      .update({ revision: revision.revision });
  }

  async touch(
    tx: Knex.Transaction,
    change: { id: string; version: number; at: DateTime; deleting?: true },
  ): Promise<boolean> {
    const at = change.at.toJSDate();
    const updated = await tx('applications')
      .where({ id: change.id, version: change.version })
      .update({
        version: change.version + 1,
        updated_at: at,
        ...(change.deleting && { deleting_at: at }),
      });
    return updated === 1;
  }

  async deleteIfVacated(tx: Knex.Transaction, id: string): Promise<boolean> {
    return deleteVacatedApplication(tx, id);
  }
}

function applicationQuery(db: Db) {
  return db('applications')
    .join('tenants', 'tenants.id', 'applications.tenant_id')
    .join('application_revisions', join =>
      join
        .on('application_revisions.application_id', 'applications.id')
        .andOn('application_revisions.revision', 'applications.revision'),
    )
    .select(
      'applications.*',
      'tenants.name as tenant_name',
      'application_revisions.yaml',
    );
}

function deployedIn(db: Db, cluster: string) {
  return db('deployments')
    .join('clusters', 'clusters.id', 'deployments.cluster_id')
    .where('clusters.name', cluster)
    .select('deployments.application_id');
}

function toApplication(row: ApplicationRow): Application {
  return {
    id: row.id,
    tenant: { id: row.tenant_id, name: row.tenant_name },
    name: row.name,
    revision: row.revision,
    yaml: row.yaml,
    deletingAt: row.deleting_at ? fromDate(row.deleting_at) : undefined,
    version: row.version,
    createdBy: row.created_by,
    createdAt: fromDate(row.created_at),
    updatedAt: fromDate(row.updated_at),
  };
}

function fromDate(date: Date): DateTime {
  return DateTime.fromJSDate(date, { zone: 'utc' });
}
