import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  identify,
  isRunning,
  type ProcessIdentity,
} from '../processes/identity.ts';

/*
 * The processes of one datacenter, which outlive the command that started them.
 *
 * 1. A process is recorded before anyone waits for it, with its start and the machine's boot: a number that was reused,
 *    or that is from before a reboot, is never signalled.
 * 2. A record keeps how the process was started, so that whoever keeps the datacenter running can start it again.
 * 3. Only the holder of the datacenter's lock, or its controllers process, writes the table.
 */

const POLL_MS = 50;
const LOG_TAIL_LINES = 15;

/** How to start a process of a datacenter. */
export type Launch = {
  name: string;
  command: string;
  args: string[];
  /** Added to the environment, which is otherwise empty but for PATH. */
  env?: Record<string, string>;
};

type Entry = { launch: Launch; identity: ProcessIdentity; bootId: string };

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** The processes of the datacenter whose folder is `dir`, in the network namespace `netns`. */
export class ProcessTable {
  readonly #dir: string;
  readonly #netns: string;
  readonly #file: string;

  constructor(options: { dir: string; netns: string }) {
    this.#dir = options.dir;
    this.#netns = options.netns;
    this.#file = join(options.dir, 'processes.json');
  }

  #entries(): Entry[] {
    if (!existsSync(this.#file)) return [];
    return JSON.parse(readFileSync(this.#file, 'utf8')) as Entry[];
  }

  #write(entries: Entry[]): void {
    const draft = `${this.#file}.draft`;
    writeFileSync(draft, JSON.stringify(entries, null, 2));
    renameSync(draft, this.#file);
  }

  logFile(name: string): string {
    return join(this.#dir, 'log', `${name}.log`);
  }

  /** Starts a process in the datacenter's network; it goes on when we end. Replaces an ended one of that name. */
  start(launch: Launch): void {
    const log = openSync(this.logFile(launch.name), 'a');
    // nsenter, not `ip netns exec`, which mounts another /sys and so hides the control groups.
    const child = spawn(
      'nsenter',
      [`--net=/run/netns/${this.#netns}`, '--', launch.command, ...launch.args],
      {
        detached: true,
        stdio: ['ignore', log, log],
        env: { PATH: process.env.PATH, ...launch.env },
      },
    );
    closeSync(log);
    child.unref();
    // Not being able to run nsenter at all shows as an ended process to whoever waits for it.
    child.once('error', () => {});
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    const others = this.#entries().filter(
      entry => entry.launch.name !== launch.name,
    );
    this.#write([
      ...others,
      {
        launch,
        identity: identity ?? { pid: 0, startedAt: '' },
        bootId: bootId(),
      },
    ]);
  }

  #isAlive(entry: Entry): boolean {
    return (
      entry.identity.pid > 0 &&
      entry.bootId === bootId() &&
      isRunning(entry.identity)
    );
  }

  /** Names of recorded processes that run. */
  running(): string[] {
    return this.#entries()
      .filter(entry => this.#isAlive(entry))
      .map(entry => entry.launch.name);
  }

  /** The command of a recorded process. */
  commandOf(name: string): string | undefined {
    return this.#entries().find(entry => entry.launch.name === name)?.launch
      .command;
  }

  /** How to start those recorded processes that have ended. */
  ended(): Launch[] {
    return this.#entries()
      .filter(entry => !this.#isAlive(entry))
      .map(entry => entry.launch);
  }

  /**
   * Fails when a recorded process has ended.
   *
   * @throws Error with the end of that process's log
   */
  async assertRunning(): Promise<void> {
    const [ended] = this.ended();
    if (!ended) return;
    const path = this.logFile(ended.name);
    const log = await readFile(path, 'utf8').catch(() => '');
    const tail = log.trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
    throw new Error(`${ended.name} ended; the end of ${path} is:\n${tail}`);
  }

  /** Ends the named processes (all without names): politely, after `graceMs` by force. Forgets them. */
  async stop(options: { names?: string[]; graceMs: number }): Promise<void> {
    const { names, graceMs } = options;
    const entries = this.#entries();
    const chosen = entries.filter(
      entry => !names || names.includes(entry.launch.name),
    );
    await endProcesses({
      identities: chosen
        .filter(entry => this.#isAlive(entry))
        .map(entry => entry.identity),
      graceMs,
    });
    this.#write(entries.filter(entry => !chosen.includes(entry)));
  }
}

function signalAll(
  identities: ProcessIdentity[],
  signal: NodeJS.Signals,
): void {
  for (const identity of identities) {
    if (!isRunning(identity)) continue;
    try {
      process.kill(identity.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

async function allGone(
  identities: ProcessIdentity[],
  timeoutMs: number,
): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  while (identities.some(isRunning)) {
    if (performance.now() > end) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/** Ends processes: SIGTERM, and SIGKILL for those that are still there after `graceMs`. */
export async function endProcesses(options: {
  identities: ProcessIdentity[];
  graceMs: number;
}): Promise<void> {
  const { identities, graceMs } = options;
  if (graceMs > 0) {
    signalAll(identities, 'SIGTERM');
    if (await allGone(identities, graceMs)) return;
  }
  signalAll(identities, 'SIGKILL');
  // A killed process can hang in the kernel for a while, not for this long.
  if (!(await allGone(identities, 30_000)))
    throw new Error(
      `Processes ${identities
        .map(({ pid }) => pid)
        .join(', ')} cannot be killed`,
    );
}
