import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import path from 'node:path';
import { mustRun } from '../processes/runCommand.ts';
import { withLock } from '../processes/withLock.ts';
import { yarnCommand } from '../processes/yarn.ts';
import { linkDependencies } from './linkDependencies.ts';
import { hashPortalSources } from './sources.ts';

export type PortalBuild = {
  /** What it was built from, see hashPortalSources. */
  hash: string;
  /** A folder with the built packages and all that they need to run. */
  dir: string;
};

const KEPT_BUILDS = 3;

/**
 * The production build of the sources as they are now: made if it is not there, and kept by their hash under
 * `.cache/portal`, so that going back to an earlier state of the sources costs nothing.
 */
export async function ensurePortalBuild(options: {
  root: string;
  signal?: AbortSignal;
  /** Called before a build that takes a while; not called when there is nothing to do. */
  onBuild?: () => void;
}): Promise<PortalBuild> {
  const { root, signal } = options;
  const builds = path.join(root, '.cache/portal');
  const hash = hashPortalSources(root);
  const dir = path.join(builds, hash);
  const lock = { file: path.join(builds, 'lock.sqlite'), signal };
  await withLock(lock, async () => {
    if (!existsSync(dir)) {
      options.onBuild?.();
      await build(root, dir, signal);
    }
    const now = new Date();
    utimesSync(dir, now, now);
    removeOldBuilds(builds);
  });
  return { hash, dir };
}

async function build(
  root: string,
  dir: string,
  signal?: AbortSignal,
): Promise<void> {
  const partial = `${dir}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  // The backend's build makes those of everything that it consists of, the pages included. Only the committed
  // configuration goes into them; the rest is read when the backend starts.
  const config = path.join(root, 'app-config.yaml');
  await mustRun(
    ...yarnCommand(root, ['workspace', 'backend', 'build', '--config', config]),
    { cwd: root, signal },
  );
  const bundle = path.join(root, 'packages/backend/dist/bundle.tar.gz');
  await mustRun('tar', ['-xzf', bundle, '-C', partial], { signal });
  linkDependencies({ root, dir: partial, finalDir: dir });
  renameSync(partial, dir);
}

function removeOldBuilds(builds: string): void {
  const byAge = readdirSync(builds)
    .map(name => path.join(builds, name))
    .filter(entry => statSync(entry).isDirectory())
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const old of byAge.slice(KEPT_BUILDS)) {
    rmSync(old, { recursive: true, force: true });
  }
}
