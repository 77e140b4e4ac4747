import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  endLeftover,
  startProcess,
  type ManagedProcess,
} from '../processes/startProcess.ts';
import type { PortalBuild } from './ensureBuild.ts';
import { lastWords } from './lastWords.ts';

/** One process of the portal. */
export type Backend = {
  /** Its own address, http://host:port. */
  url: string;
  process: ManagedProcess;
  logFile: string;
  stop(): Promise<void>;
};

export type StartBackendOptions = {
  build: PortalBuild;
  /** Names the log and the record of the process: `portal`, or `portal-1` and so on where there are several. */
  name: string;
  /** Where it listens, as in the configuration. */
  url: string;
  configFiles: string[];
  /** Holds the log and the record of the process. */
  stateDir: string;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
};

// A portal is a lot of code and little work. With V8's own young generation (16 MiB and more) what its start leaves behind is kept: an idle
// one then takes a quarter more memory.
const NODE_FLAGS = ['--max-semi-space-size=4'];

// Draining the link and answering what is in flight takes a few seconds.
const STOP = { stopSignal: 'SIGTERM', graceMs: 30_000 } as const;
const RECORD = /^portal(-\d+)?\.json$/;
const START_LIMIT_MS = 180_000;

/** Ends the backends that a crash left running, however many there were. */
export async function endLeftoverBackends(stateDir: string): Promise<void> {
  const records = readdirSync(stateDir).filter(name => RECORD.test(name));
  await Promise.all(
    records.map(name =>
      endLeftover({ recordFile: path.join(stateDir, name), ...STOP }),
    ),
  );
}

/** Starts a backend, which also serves the pages, and waits until it answers. */
export async function startBackend(
  options: StartBackendOptions,
): Promise<Backend> {
  const { build, name, stateDir, url } = options;
  const recordFile = path.join(stateDir, `${name}.json`);
  const logFile = path.join(stateDir, `${name}.log`);

  const logStart = sizeOf(logFile);
  const backend = startProcess({
    command: process.execPath,
    args: [
      ...NODE_FLAGS,
      '--preserve-symlinks',
      '--preserve-symlinks-main',
      path.join(build.dir, 'packages/backend'),
      ...options.configFiles.flatMap(file => ['--config', file]),
    ],
    cwd: build.dir,
    env: { ...(options.env ?? process.env), NODE_ENV: 'production' },
    logFile,
    recordFile,
    onLauncherDeath: 'SIGKILL',
    ...STOP,
  });
  try {
    await untilReady(url, backend, options.signal);
  } catch (cause) {
    await backend.stop();
    const log = readFileSync(logFile).subarray(logStart).toString();
    throw new Error(
      `The portal did not start. The end of its log (${logFile}):\n${lastWords(
        log,
      )}`,
      { cause },
    );
  }
  return { url, process: backend, logFile, stop: () => backend.stop() };
}

async function untilReady(
  url: string,
  backend: ManagedProcess,
  signal?: AbortSignal,
): Promise<void> {
  let hasExited = false;
  const note = () => {
    hasExited = true;
  };
  backend.exited.then(note, note);
  const deadline = Date.now() + START_LIMIT_MS;
  while (!(await isReady(url))) {
    if (hasExited) {
      throw new Error('The backend ended');
    }
    if (Date.now() > deadline) {
      throw new Error(`No answer within ${START_LIMIT_MS / 1000} s`);
    }
    await delay(500, undefined, { signal });
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/.backstage/health/v1/readiness`);
    return response.ok;
  } catch {
    return false;
  }
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}
