import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identify, isRunning, type ProcessIdentity } from './identity.ts';

/**
 * Processes that outlive one command's attention: Postgres and the portal's backend. What holds:
 *
 * P1. Each runs in a process group of its own, so that a terminal's Ctrl-C reaches only the launcher, which then
 *     ends them in the right order.
 * P2. Its number and start are on disk before anyone waits for it, and are removed only when it has ended: what a
 *     crash leaves behind is found by `endLeftover` at the next start.
 * P3. Where the system can do it (Linux with setpriv), the kernel ends it when the launcher dies.
 */
export type StartProcessOptions = {
  command: string;
  args: string[];
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Standard output and error are appended here. */
  logFile: string;
  recordFile: string;
  stopSignal: NodeJS.Signals;
  /** How long `stop` waits before it kills, in milliseconds. */
  graceMs: number;
  onLauncherDeath: NodeJS.Signals;
  /** Further flags of setpriv, to run as another user. */
  privileges?: string[];
};

export type Exit = {
  code: number | undefined;
  signal: NodeJS.Signals | undefined;
};

export type ManagedProcess = {
  pid: number;
  /** Settles when the process has ended, for whatever reason. */
  exited: Promise<Exit>;
  stop(): Promise<void>;
  /** Ends it as a crash would: no warning, nothing flushed. */
  kill(): Promise<void>;
};

const SETPRIV = '/usr/bin/setpriv';

export function startProcess(options: StartProcessOptions): ManagedProcess {
  mkdirSync(path.dirname(options.logFile), { recursive: true });
  mkdirSync(path.dirname(options.recordFile), { recursive: true });
  const log = openSync(options.logFile, 'a');
  const [command, ...args] = withPrivileges(options);
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);

  const exited = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      rmSync(options.recordFile, { force: true });
      resolve({ code: code ?? undefined, signal: signal ?? undefined });
    });
  });
  // Whoever waits gets the failure; nobody waiting is no reason to end the launcher.
  exited.catch(() => {});
  if (child.pid === undefined) {
    throw new Error(`${options.command} could not be started`);
  }

  const identity = identify(child.pid);
  if (identity) {
    writeFileSync(options.recordFile, JSON.stringify(identity));
  }
  const pid = child.pid;
  return {
    pid,
    exited,
    stop: () => endGroup(pid, options.stopSignal, options.graceMs, exited),
    kill: () => endGroup(pid, 'SIGKILL', options.graceMs, exited),
  };
}

/** Ends what the record names, if it still runs. True when there was something to end. */
export async function endLeftover(options: {
  recordFile: string;
  stopSignal: NodeJS.Signals;
  graceMs: number;
}): Promise<boolean> {
  if (!existsSync(options.recordFile)) {
    return false;
  }
  const identity = readRecord(options.recordFile);
  const wasRunning = identity !== undefined && isRunning(identity);
  if (wasRunning) {
    await endGroup(
      identity.pid,
      options.stopSignal,
      options.graceMs,
      untilGone(identity),
    );
  }
  rmSync(options.recordFile, { force: true });
  return wasRunning;
}

function readRecord(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // A crash in the middle of writing it: the process had only just been started and P3 has ended it.
    return undefined;
  }
}

function withPrivileges(options: StartProcessOptions): string[] {
  const plain = [options.command, ...options.args];
  if (process.platform !== 'linux' || !existsSync(SETPRIV)) {
    if (options.privileges?.length) {
      throw new Error(
        `${SETPRIV} is missing: install util-linux, or run KubeNova as a user other than root`,
      );
    }
    return plain;
  }
  const deathSignal = options.onLauncherDeath.replace(/^SIG/, '');
  return [
    SETPRIV,
    '--pdeathsig',
    deathSignal,
    ...(options.privileges ?? []),
    '--',
    ...plain,
  ];
}

async function endGroup(
  pid: number,
  signal: NodeJS.Signals,
  graceMs: number,
  gone: Promise<unknown>,
): Promise<void> {
  signalGroup(pid, signal);
  const timeout = new AbortController();
  const ended = await Promise.race([
    gone.then(() => true),
    delay(graceMs, false, { signal: timeout.signal }).catch(() => false),
  ]);
  timeout.abort();
  if (!ended) {
    signalGroup(pid, 'SIGKILL');
    await gone;
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
  }
}

async function untilGone(identity: ProcessIdentity): Promise<void> {
  while (isRunning(identity)) {
    await delay(50);
  }
}
