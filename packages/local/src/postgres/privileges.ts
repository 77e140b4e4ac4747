import { chownSync, statSync } from 'node:fs';
import path from 'node:path';
import { mustRun } from '../processes/runCommand.ts';

/**
 * Postgres refuses to run as root. On Linux root runs it as `nobody`, an account that every system has, so that no
 * account has to be made. A checkout below a folder that only root may enter (/root, a private temporary folder)
 * would be out of nobody's reach: then, and only then, the process keeps the one capability that lets it through.
 */
export type Privileges = { setprivFlags: string[]; own(path: string): void };

export async function postgresPrivileges(folder: string): Promise<Privileges> {
  if (process.getuid?.() !== 0) {
    return { setprivFlags: [], own: () => {} };
  }
  const [uid, gid] = await Promise.all([
    numberOf(['-u', 'nobody']),
    numberOf(['-g', 'nobody']),
  ]);
  const capabilities = isOpenToOthers(folder)
    ? []
    : ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  return {
    setprivFlags: [
      `--reuid=${uid}`,
      `--regid=${gid}`,
      '--clear-groups',
      ...capabilities,
    ],
    own: target => chownSync(target, uid, gid),
  };
}

async function numberOf(idArguments: string[]): Promise<number> {
  const { stdout } = await mustRun('id', idArguments);
  return Number(stdout.trim());
}

function isOpenToOthers(folder: string): boolean {
  const parent = path.dirname(folder);
  const mayEnter = (statSync(folder).mode & 0o001) !== 0;
  return mayEnter && (parent === folder || isOpenToOthers(parent));
}
