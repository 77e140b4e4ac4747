import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { mustRun } from '../processes/runCommand.ts';
import { yarnCommand } from '../processes/yarn.ts';
import { exists } from '../toolchain/toolchainFolders.ts';

/** What the bundle is made of, beside the operator's own sources. */
const otherSources = ['operator/package.json', 'proto/src', 'yarn.lock'];

/**
 * The operator as one file, `operator/dist/main.js`: bundled when its sources changed since it was bundled last. Beside
 * it lies the key of the sources that it was made from.
 */
export async function ensureOperatorBundle(options: {
  root: string;
  signal: AbortSignal;
  /** Called before it is bundled; not called when there is nothing to do. */
  onBuild?: () => void;
}): Promise<string> {
  const { root, signal } = options;
  const bundle = path.join(root, 'operator/dist/main.js');
  const keyFile = `${bundle}.key`;
  const key = await sourcesKey(root);
  const madeFrom = await readFile(keyFile, 'utf8').catch(() => undefined);
  if (madeFrom !== key || !(await exists(bundle))) {
    options.onBuild?.();
    await mustRun(
      ...yarnCommand(root, ['workspace', '@kubenova/operator', 'build']),
      { cwd: root, signal },
    );
    await writeFile(keyFile, key);
  }
  return bundle;
}

async function sourcesKey(root: string): Promise<string> {
  const hash = createHash('sha256');
  for (const source of ['operator/src', ...otherSources]) {
    for (const file of await filesOf(path.join(root, source))) {
      hash.update(`${path.relative(root, file)}\0`);
      hash.update(await readFile(file));
      hash.update('\0');
    }
  }
  return hash.digest('hex');
}

/** Every file in it that is not a test, or the file itself. */
async function filesOf(source: string): Promise<string[]> {
  const entries = await readdir(source, {
    recursive: true,
    withFileTypes: true,
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTDIR') {
      return undefined;
    }
    throw error;
  });
  if (!entries) {
    return [source];
  }
  return entries
    .filter(entry => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map(entry => path.join(entry.parentPath, entry.name))
    .sort();
}
