import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '../processes/freePort.ts';
import { startPostgres, type Postgres } from './startPostgres.ts';

/** Gives the function an empty Postgres, and removes it when the function has ended. */
export async function withPostgres<T>(
  run: (postgres: Postgres) => Promise<T>,
): Promise<T> {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'kubenova-postgres-'));
  try {
    const postgres = await startPostgres({ dir, port: await freePort() });
    try {
      return await run(postgres);
    } finally {
      await postgres.stop();
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
