import { readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

/**
 * A process that is told apart from a later one with the same number by when it started. Numbers are reused, so a
 * number alone must never be killed on the word of a file from an earlier run.
 */
export type ProcessIdentity = { pid: number; startedAt: string };

/** The identity of the running process with this number; undefined when there is none. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt =
    process.platform === 'linux' ? startTicks(pid) : startTimeByPs(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export function isRunning(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startedAt === identity.startedAt;
}

function startTicks(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The second field is the command in brackets and may hold spaces; what follows it is fixed: state is the
  // first, the start in clock ticks the twentieth.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const isZombie = fields[0] === 'Z';
  return isZombie ? undefined : fields[19];
}

function startTimeByPs(pid: number): string | undefined {
  const ps = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
  });
  return ps.stdout?.trim() || undefined;
}
