import { mustRun } from '../processes/runCommand.ts';
import type { OnProgress } from '../progress.ts';
import {
  browserPackages,
  commandPackages,
  replicaPackages,
} from './debianPackages.ts';
import { findCommand } from './findCommand.ts';

const PACKAGES = {
  datacenters: commandPackages,
  browser: browserPackages,
  replicas: replicaPackages,
};

export type InstallPrerequisitesOptions = {
  /**
   * `datacenters`: what nodes and images need; `browser`: what the end-to-end tests drive; `replicas`: what stands before several
   * replicas of the portal.
   */
  purpose: keyof typeof PACKAGES;
  signal: AbortSignal;
  onProgress?: OnProgress;
};

export type InstallOutcome =
  | { outcome: 'installed'; packages: string[] }
  | { outcome: 'nothing to do' }
  /** Not root, or no apt-get: a person has to do it; missingPrerequisites says how. */
  | { outcome: 'not possible' };

/** Installs what is missing and comes as a Debian package, where we are root on such a system. */
export async function installPrerequisites(
  options: InstallPrerequisitesOptions,
): Promise<InstallOutcome> {
  const wanted = PACKAGES[options.purpose];
  const packages: string[] = [];
  for (const [command, debianPackage] of Object.entries(wanted)) {
    if (!(await findCommand(command))) {
      packages.push(debianPackage);
    }
  }
  if (packages.length === 0) {
    return { outcome: 'nothing to do' };
  }
  if (process.getuid?.() !== 0 || !(await findCommand('apt-get'))) {
    return { outcome: 'not possible' };
  }
  const { signal } = options;
  const report = (index: number, message: string) =>
    options.onProgress?.({ step: 'packages', index, total: 2, message });
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // A fresh machine has no package lists, or old ones that name files which are gone.
  report(1, 'Updating the list of Debian packages');
  await mustRun('apt-get', ['update', '-q'], { env, signal });
  report(2, `Installing ${packages.join(', ')}`);
  await mustRun(
    'apt-get',
    ['install', '-y', '-q', '--no-install-recommends', ...packages],
    { env, signal },
  );
  return { outcome: 'installed', packages };
}
