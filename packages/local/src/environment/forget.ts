import { rmSync } from 'node:fs';
import path from 'node:path';
import {
  clearLeftovers,
  downDatacenter,
  listDatacenters,
} from '../datacenter/index.ts';
import type { Instance } from '../instance/index.ts';
import { endLeftoverPortal } from '../portal/index.ts';
import { endLeftoverPostgres } from '../postgres/index.ts';

/** Removes what an instance keeps: its datacenters and its database. What still runs of it is ended first. */
export async function forget(instance: Instance): Promise<void> {
  await clearLeftovers(instance);
  for (const { name } of await listDatacenters(instance)) {
    await downDatacenter({ instance, name, purge: true });
  }
  await endLeftoverPortal(instance.stateDir);
  const postgresDir = path.join(instance.stateDir, 'postgres');
  await endLeftoverPostgres(postgresDir);
  rmSync(postgresDir, { recursive: true, force: true });
}
