import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { mustRun } from '../processes/runCommand.ts';
import {
  endLeftover,
  startProcess,
  type ManagedProcess,
} from '../processes/startProcess.ts';
import { postgresBinaries } from './binaries.ts';
import { postgresPrivileges, type Privileges } from './privileges.ts';

export type Postgres = {
  host: string;
  port: number;
  user: string;
  password: string;
  /** postgres://user:password@host:port/postgres */
  connectionString: string;
  process: ManagedProcess;
  logFile: string;
  stop(): Promise<void>;
};

export type StartPostgresOptions = {
  /** Holds the data, the password and the log; made if it is not there. */
  dir: string;
  /** On loopback only. */
  port: number;
};

const HOST = '127.0.0.1';
const USER = 'postgres';
const RECORD = 'process.json';
// Fast shutdown: clients are disconnected and everything committed is on disk.
const STOP = { stopSignal: 'SIGINT', graceMs: 30_000 } as const;
const START_LIMIT_MS = 60_000;

const SETTINGS = [
  ['listen_addresses', HOST],
  ['unix_socket_directories', ''],
  // Each plugin of each of the backend's replicas has a pool of its own.
  ['max_connections', '500'],
].flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/** Ends the Postgres that a crash left running in `dir`, if any. */
export async function endLeftoverPostgres(dir: string): Promise<void> {
  await endLeftover({ recordFile: path.join(dir, RECORD), ...STOP });
}

/** Starts a Postgres whose data stays in `dir`; what a crash left running there is ended first. */
export async function startPostgres(
  options: StartPostgresOptions,
): Promise<Postgres> {
  const dir = path.resolve(options.dir);
  const dataDir = path.join(dir, 'data');
  const recordFile = path.join(dir, RECORD);
  const logFile = path.join(dir, 'postgres.log');
  mkdirSync(dir, { recursive: true });
  await endLeftoverPostgres(dir);

  const binaries = await postgresBinaries();
  const privileges = await postgresPrivileges(dir);
  const password = await ensureData(dir, dataDir, binaries.initdb, privileges);
  const server = startProcess({
    command: binaries.postgres,
    args: ['-D', dataDir, '-p', String(options.port), ...SETTINGS],
    cwd: dataDir,
    logFile,
    recordFile,
    privileges: privileges.setprivFlags,
    onLauncherDeath: STOP.stopSignal,
    ...STOP,
  });
  await untilReady(server, dir, dataDir);
  return {
    host: HOST,
    port: options.port,
    user: USER,
    password,
    connectionString: `postgres://${USER}:${password}@${HOST}:${options.port}/postgres`,
    process: server,
    logFile,
    stop: () => server.stop(),
  };
}

async function ensureData(
  dir: string,
  dataDir: string,
  initdb: string,
  privileges: Privileges,
): Promise<string> {
  const passwordFile = path.join(dir, 'password');
  // initdb writes PG_VERSION early; the password file is ours and written last, so it says that all went well.
  if (existsSync(passwordFile)) {
    return readFileSync(passwordFile, 'utf8');
  }
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dataDir, { mode: 0o700 });
  privileges.own(dataDir);

  const password = randomBytes(24).toString('base64url');
  const firstPassword = path.join(dir, 'password.first');
  writeFileSync(firstPassword, password, { mode: 0o600 });
  privileges.own(firstPassword);
  try {
    const args = [
      `--pgdata=${dataDir}`,
      `--username=${USER}`,
      `--pwfile=${firstPassword}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C.UTF-8',
    ];
    await (privileges.setprivFlags.length > 0
      ? mustRun('setpriv', [...privileges.setprivFlags, '--', initdb, ...args])
      : mustRun(initdb, args));
  } finally {
    rmSync(firstPassword, { force: true });
  }
  writeFileSync(passwordFile, password, { mode: 0o600 });
  return password;
}

/** Postgres writes its state into the eighth line of postmaster.pid; that is also what pg_ctl waits for. */
async function untilReady(
  server: ManagedProcess,
  dir: string,
  dataDir: string,
): Promise<void> {
  const pidFile = path.join(dataDir, 'postmaster.pid');
  let hasExited = false;
  server.exited.then(
    () => (hasExited = true),
    () => (hasExited = true),
  );
  const deadline = Date.now() + START_LIMIT_MS;
  while (!hasExited && Date.now() < deadline) {
    const lines = existsSync(pidFile)
      ? readFileSync(pidFile, 'utf8').split('\n')
      : [];
    if (lines[0] === String(server.pid) && lines[7]?.trim() === 'ready') {
      return;
    }
    await delay(50);
  }
  await server.stop();
  const log = readFileSync(path.join(dir, 'postgres.log'), 'utf8');
  throw new Error(
    `Postgres did not start. The end of its log:\n${log.slice(-2000)}`,
  );
}
