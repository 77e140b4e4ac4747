import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ToolSet } from './pins.ts';

/** Raised when the way of building or packaging changes in a manner that no pin shows. */
const recipe = 1;

/** The folder with one folder a tool set. */
export const toolSetsSource = path.resolve(
  import.meta.dirname,
  '../../toolchain',
);

/**
 * The key of one tool set: what is built (pin, flags, every file of its folder but Go's tests, the processor it is for).
 * The Go release is not in it: a new patch release of Go is no reason to build for a quarter of an hour, and a machine
 * whose cache is full needs no Go at all.
 */
export async function toolSetKey(
  set: ToolSet,
  sourceDir: string = toolSetsSource,
): Promise<string> {
  const hash = createHash('sha256');
  hash.update(JSON.stringify({ recipe, arch: process.arch, set }));
  const folder = path.join(sourceDir, set.name);
  for (const file of await filesOf(folder)) {
    hash.update(`\0${file}\0`).update(await readFile(path.join(folder, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

/** The key of the whole toolchain: that of all its sets and of choices made by the environment. */
export function toolchainKey(
  setKeys: ReadonlyMap<string, string>,
  choices: Readonly<Record<string, string>> = {},
): string {
  const parts = [...setKeys, ...Object.entries(choices)].map(part =>
    part.join('='),
  );
  return createHash('sha256')
    .update(parts.sort().join('\n'))
    .digest('hex')
    .slice(0, 16);
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {
    recursive: true,
    withFileTypes: true,
  });
  return entries
    .filter(entry => entry.isFile() && !entry.name.endsWith('_test.go'))
    .map(entry =>
      path.relative(folder, path.join(entry.parentPath, entry.name)),
    )
    .sort();
}
