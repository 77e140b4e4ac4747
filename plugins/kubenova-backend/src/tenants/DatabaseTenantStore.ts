import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import { deleteVacatedTenant } from './operations/deleteVacatedTenant';
import type { TenantStore } from './TenantStore';
import type { Tenant } from './types';

type Db = Knex | Knex.Transaction;

interface TenantRow {
  id: string;
  name: string;
  display_name: string;
  deleting_at: Date | null;
  version: number;
  created_by: string;
  created_at: Date;
  updated_at: Date;
}

export class DatabaseTenantStore implements TenantStore {
  async list(
    db: Db,
    page: { limit: number; afterName?: string },
  ): Promise<Tenant[]> {
    const rows = await db<TenantRow>('tenants')
      .modify(query => {
        if (page.afterName !== undefined) {
          query.where('name', '>', page.afterName);
        }
      })
      .orderBy('name')
      .limit(page.limit);
    return rows.map(toTenant);
  }

  async find(db: Db, name: string): Promise<Tenant | undefined> {
    const row = await db<TenantRow>('tenants').where({ name }).first();
    return row && toTenant(row);
  }

  async lockNames(tx: Knex.Transaction): Promise<void> {
    // Not a lock of the table: the ingest deletes tenants from it.
    await tx.raw(`SELECT pg_advisory_xact_lock(hashtext('tenants.name'))`);
  }

  async findRelatedName(
    tx: Knex.Transaction,
    name: string,
  ): Promise<string | undefined> {
    // Names are DNS labels, so neither side holds a wildcard of LIKE.
    const row = await tx<TenantRow>('tenants')
      .where('name', 'like', `${name}-%`)
      .orWhereRaw(`? LIKE name || '-%'`, [name])
      .orderBy('name')
      .first('name');
    return row?.name;
  }

  async insert(
    tx: Knex.Transaction,
    tenant: Pick<Tenant, 'id' | 'name' | 'displayName' | 'createdAt'> & {
      createdBy: string;
    },
  ): Promise<void> {
    await tx<TenantRow>('tenants').insert({
      id: tenant.id,
      name: tenant.name,
      display_name: tenant.displayName,
      created_by: tenant.createdBy,
      created_at: tenant.createdAt.toJSDate(),
      updated_at: tenant.createdAt.toJSDate(),
    });
  }

  async touch(
    tx: Knex.Transaction,
    change: { id: string; version: number; at: DateTime; deleting?: true },
  ): Promise<boolean> {
    const at = change.at.toJSDate();
    const updated = await tx<TenantRow>('tenants')
      .where({ id: change.id, version: change.version })
      .update({
        version: change.version + 1,
        updated_at: at,
        ...(change.deleting && { deleting_at: at }),
      });
    return updated === 1;
  }

  async deleteIfVacated(tx: Knex.Transaction, id: string): Promise<boolean> {
    return deleteVacatedTenant(tx, id);
  }
}

function toTenant(row: TenantRow): Tenant {
  return {
    id: row.id,
    name: row.name,
    displayName: row.display_name,
    deletingAt: row.deleting_at ? fromDate(row.deleting_at) : undefined,
    version: row.version,
    createdAt: fromDate(row.created_at),
    updatedAt: fromDate(row.updated_at),
  };
}

function fromDate(date: Date): DateTime {
  return DateTime.fromJSDate(date, { zone: 'utc' });
}
