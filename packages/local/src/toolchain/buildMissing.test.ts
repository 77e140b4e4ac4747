import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { buildMissing } from './buildMissing.ts';
import { missingOf, planBuild } from './buildPlan.ts';
import { temporaryFolder, writeToolSet } from './testing.ts';
import { exists } from './toolchainFolders.ts';

const { signal } = new AbortController();

/** Go's default cache, so that only the programs of the tests are compiled. */
const env = { ...process.env, KUBENOVA_KEEP_GOCACHE: '1' };

/** Two tool sets of real Go programs and an empty cache. */
async function workshop(test: TestContext) {
  const dir = await temporaryFolder(test);
  const sourceDir = path.join(dir, 'source');
  const cacheDir = path.join(dir, 'cache');
  const sets = [
    await writeToolSet(sourceDir, 'wood', ['saw', 'plane']),
    await writeToolSet(sourceDir, 'metal', ['file']),
  ];
  const plan = () => planBuild({ cacheDir, sets, sourceDir, env });
  return { cacheDir, sourceDir, plan };
}

async function build(
  cacheDir: string,
  plan: Awaited<ReturnType<typeof planBuild>>,
): Promise<string[]> {
  const messages: string[] = [];
  await buildMissing(
    {
      cacheDir,
      signal,
      env,
      onProgress: ({ index, total, message }) =>
        messages.push(`${index}/${total} ${message}`),
    },
    plan.jobs,
  );
  return messages;
}

describe('building a toolchain', () => {
  it('makes every binary, stamped with its version, and a second time nothing', async test => {
    const { cacheDir, plan } = await workshop(test);
    const first = await plan();
    assert.deepEqual(await build(cacheDir, first), [
      '1/3 Building saw 1.0.0',
      '2/3 Building plane 1.0.0',
      '3/3 Building file 1.0.0',
    ]);
    const saw = path.join(first.toolchain.binDir, 'saw');
    // Go's print writes to standard error.
    assert.equal(
      execFileSync('sh', ['-c', `${saw} 2>&1`]).toString(),
      'saw 1.0.0',
    );
    assert.deepEqual(await missingOf(first.jobs), []);
    assert.deepEqual(await build(cacheDir, await plan()), []);
  });

  it('builds one set again when its source changed and shares the others', async test => {
    const { cacheDir, sourceDir, plan } = await workshop(test);
    const before = await plan();
    await build(cacheDir, before);
    const source = path.join(sourceDir, 'metal/file/main.go');
    await writeFile(source, `${await readFile(source, 'utf8')}// finer\n`);
    const after = await plan();
    assert.notEqual(after.toolchain.key, before.toolchain.key);
    assert.deepEqual(await build(cacheDir, after), ['3/3 Building file 1.0.0']);
    const inode = async (binDir: string) =>
      (await stat(path.join(binDir, 'saw'))).ino;
    assert.equal(
      await inode(after.toolchain.binDir),
      await inode(before.toolchain.binDir),
    );
  });

  it('goes on where an earlier start was cut off', async test => {
    const { cacheDir, plan } = await workshop(test);
    const whole = await plan();
    await build(cacheDir, { ...whole, jobs: whole.jobs.slice(0, 1) });
    assert.deepEqual(await build(cacheDir, whole), [
      '2/3 Building plane 1.0.0',
      '3/3 Building file 1.0.0',
    ]);
  });

  it('builds nothing twice when two start at once', async test => {
    const { cacheDir, plan } = await workshop(test);
    const whole = await plan();
    const told = (
      await Promise.all([build(cacheDir, whole), build(cacheDir, whole)])
    ).flat();
    const built = told.filter(message => message.includes('Building'));
    assert.equal(built.length, 3);
    assert.equal(new Set(built).size, 3);
  });

  it('says what the compiler said, and leaves nothing of a failed build', async test => {
    const { cacheDir, sourceDir, plan } = await workshop(test);
    await writeFile(
      path.join(sourceDir, 'wood/saw/main.go'),
      'package main\nfunc main() { blunt() }\n',
    );
    const whole = await plan();
    await assert.rejects(build(cacheDir, whole), /undefined: blunt/);
    assert.equal((await missingOf(whole.jobs)).length, 3);
    assert.deepEqual(await readdir(path.dirname(whole.jobs[0].built)), []);
  });

  it('ends with an abort and can be started again', async test => {
    const { cacheDir, plan } = await workshop(test);
    const whole = await plan();
    const stop = new AbortController();
    await assert.rejects(
      buildMissing(
        {
          cacheDir,
          env,
          signal: stop.signal,
          onProgress: ({ index }) =>
            index === 2 && stop.abort(new Error('Ctrl-C')),
        },
        whole.jobs,
      ),
      /Ctrl-C/,
    );
    assert.equal(await exists(whole.jobs[0].target), true);
    assert.equal((await build(cacheDir, whole)).length, 2);
  });

  it("keeps Go's cache of a set until the set is complete, then drops it", async test => {
    const { cacheDir, plan } = await workshop(test);
    const whole = await plan();
    const goCache = path.join(cacheDir, 'go-build/wood');
    await mkdir(goCache, { recursive: true });
    await build(cacheDir, { ...whole, jobs: whole.jobs.slice(0, 1) });
    assert.equal(await exists(goCache), true);
    await build(cacheDir, { ...whole, jobs: whole.jobs.slice(0, 2) });
    assert.equal(await exists(goCache), false);
  });
});
