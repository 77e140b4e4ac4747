import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { ToolSet } from './pins.ts';

/** A folder that goes with the test. */
export async function temporaryFolder(test: TestContext): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'kubenova-test-'));
  test.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** Writes a tool set of one Go program a binary, which prints its own name. */
export async function writeToolSet(
  sourceDir: string,
  name: string,
  binaries: readonly string[],
): Promise<ToolSet> {
  const dir = path.join(sourceDir, name);
  await mkdir(dir, { recursive: true });
  await writeFile(
    path.join(dir, 'go.mod'),
    `module test.local/${name}\n\ngo 1.26.0\n`,
  );
  for (const binary of binaries) {
    await mkdir(path.join(dir, binary));
    await writeFile(
      path.join(dir, binary, 'main.go'),
      `package main\n\nvar version = "none"\n\nfunc main() { print("${binary} " + version) }\n`,
    );
  }
  return {
    name,
    version: '1.0.0',
    stamps: { 'main.version': '1.0.0' },
    binaries: binaries.map(binary => ({
      name: binary,
      package: `./${binary}`,
    })),
  };
}
