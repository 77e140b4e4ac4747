import { startPostgres, type Postgres } from '@kubenova/local/postgres';
import { freePort, mustRun, runCommand } from '@kubenova/local/processes';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';

/** A Postgres that can be killed, stopped, backed up and restored, and whose port stays. */
export class ChaosPostgres {
  readonly #dir: string;
  readonly #port: number;
  #server: Postgres;

  static async start(dir: string): Promise<ChaosPostgres> {
    const port = await freePort();
    const server = await startPostgres({ dir, port });
    const postgres = new ChaosPostgres({ dir, port, server });
    // A process that dies leaves what it wrote to the system; nothing here survives a loss of power anyway.
    await postgres.query('ALTER SYSTEM SET fsync = off');
    await postgres.query('SELECT pg_reload_conf()');
    return postgres;
  }

  private constructor(options: {
    dir: string;
    port: number;
    server: Postgres;
  }) {
    this.#dir = options.dir;
    this.#port = options.port;
    this.#server = options.server;
  }

  get port(): number {
    return this.#port;
  }

  /** By way of a proxy where a port is given. */
  connectionString(port = this.#port): string {
    const { user, password } = this.#server;
    return `postgres://${user}:${password}@127.0.0.1:${port}/postgres`;
  }

  /** Asks around all networks. */
  async query<T extends pg.QueryResultRow>(
    sql: string,
    values: unknown[] = [],
  ): Promise<T[]> {
    const client = new pg.Client({
      connectionString: this.connectionString(),
      connectionTimeoutMillis: 5_000,
      query_timeout: 20_000,
    });
    client.on('error', () => {}); // the query rejects
    await client.connect();
    try {
      return (await client.query<T>(sql, values)).rows;
    } finally {
      await client.end().catch(() => {});
    }
  }

  /** The server with all of its backends. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    for (const pid of [this.#server.process.pid, ...(await this.#backends())]) {
      signalIfThere(pid, signal);
    }
  }

  async kill(): Promise<void> {
    const backends = await this.#backends();
    await this.#server.process.kill();
    backends.forEach(pid => signalIfThere(pid, 'SIGKILL'));
  }

  /** After a kill. */
  async restart(): Promise<void> {
    this.#server = await startPostgres({ dir: this.#dir, port: this.#port });
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }

  /** A base backup while everything goes on. */
  async backUp(to: string): Promise<void> {
    const client = new pg.Client(this.connectionString());
    await client.connect();
    try {
      await client.query(`SELECT pg_backup_start('chaos', true)`);
      rmSync(to, { recursive: true, force: true });
      await copyLive(path.join(this.#dir, 'data'), to);
      const { rows } = await client.query(
        'SELECT labelfile FROM pg_backup_stop(false)',
      );
      // The log again: what was written while the rest was copied is needed to make it whole.
      await copyLive(
        path.join(this.#dir, 'data/pg_wal'),
        path.join(to, 'pg_wal'),
      );
      rmSync(path.join(to, 'postmaster.pid'), { force: true });
      rmSync(path.join(to, 'postmaster.opts'), { force: true });
      writeFileSync(path.join(to, 'backup_label'), rows[0].labelfile);
    } finally {
      await client.end();
    }
  }

  /** What happened since the backup was taken has not happened. */
  async restore(from: string): Promise<void> {
    await this.kill();
    const data = path.join(this.#dir, 'data');
    rmSync(data, { recursive: true });
    await mustRun('cp', ['-a', from, data]);
    // Made by root where the server runs as another user.
    await mustRun('chown', [
      `--reference=${path.join(data, 'PG_VERSION')}`,
      path.join(data, 'backup_label'),
    ]);
    await this.restart();
  }

  async #backends(): Promise<number[]> {
    const { stdout } = await mustRun('ps', ['-A', '-o', 'pid=,ppid=']);
    return stdout
      .trim()
      .split('\n')
      .map(line => line.trim().split(/\s+/).map(Number))
      .filter(([, parent]) => parent === this.#server.process.pid)
      .map(([pid]) => pid);
  }
}

/** Files of a live server come and go while they are copied; what matters is there, and the log makes up for the rest. */
async function copyLive(from: string, to: string): Promise<void> {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  const result = await runCommand('cp', ['-a', `${from}/.`, to]);
  const isWhole = result.output
    .split('\n')
    .every(line => line === '' || line.includes('No such file'));
  if (result.code !== 0 && !isWhole) {
    throw new Error(`The backup failed: ${result.output}`);
  }
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
  }
}
