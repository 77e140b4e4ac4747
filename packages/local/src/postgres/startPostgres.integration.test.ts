import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, existsSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../processes/freePort.ts';
import { identify, isRunning } from '../processes/identity.ts';
import { startPostgres, withPostgres } from './index.ts';

async function query(connectionString: string, sql: string) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('embedded Postgres', () => {
  let dir: string;
  before(() => {
    // mkdtemp makes a folder that only its owner may enter, like a home folder of root
    dir = mkdtempSync(path.join(os.tmpdir(), 'kubenova-test-'));
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  it('keeps its data from one start to the next', async () => {
    const port = await freePort();
    const first = await startPostgres({ dir, port });
    await query(first.connectionString, 'CREATE TABLE kept AS SELECT 42 AS n');
    await first.stop();

    const second = await startPostgres({ dir, port });
    const rows = await query(second.connectionString, 'SELECT n FROM kept');
    await second.stop();

    assert.deepEqual(rows, [{ n: 42 }]);
    assert.equal(existsSync(path.join(dir, 'process.json')), false);
  });

  it('ends with the process that started it, even when that is killed', async () => {
    const script = `
      import { startPostgres } from ${JSON.stringify(
        path.join(import.meta.dirname, 'index.ts'),
      )};
      const postgres = await startPostgres({ dir: process.argv[1], port: Number(process.argv[2]) });
      console.log(postgres.process.pid);
      setInterval(() => {}, 1000);`;
    const port = await freePort();
    const launcher = spawn(
      process.execPath,
      ['--input-type=module', '-e', script, dir, String(port)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const pid = await new Promise<number>(resolve =>
      launcher.stdout.once('data', chunk => resolve(Number(chunk))),
    );
    const postgres = identify(pid);
    assert.ok(postgres, 'Postgres runs');

    launcher.kill('SIGKILL');
    while (isRunning(postgres)) {
      await delay(20);
    }
    assert.equal(
      readFileSync(path.join(dir, 'process.json'), 'utf8'),
      JSON.stringify(postgres),
      'what ran is still on record, for the next start to look at',
    );
  });

  it('gives a test an empty database and removes it afterwards', async () => {
    const connectionString = await withPostgres(async postgres => {
      const [{ count }] = await query(
        postgres.connectionString,
        `SELECT count(*)::int AS count FROM pg_tables WHERE schemaname = 'public'`,
      );
      assert.equal(count, 0);
      return postgres.connectionString;
    });
    await assert.rejects(query(connectionString, 'SELECT 1'), {
      code: 'ECONNREFUSED',
    });
  });
});
