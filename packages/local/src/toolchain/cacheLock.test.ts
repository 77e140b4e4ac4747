import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, it } from 'node:test';
import { withCacheLock } from './cacheLock.ts';
import { temporaryFolder } from './testing.ts';

const { signal } = new AbortController();

describe('the lock of a cache', () => {
  it('lets one work at a time and tells the other that it waits', async test => {
    const cacheDir = await temporaryFolder(test);
    const log: string[] = [];
    const waiting = Promise.withResolvers<void>();
    const first = withCacheLock({ cacheDir, signal }, async () => {
      log.push('first begins');
      await waiting.promise;
      log.push('first ends');
    });
    const second = withCacheLock(
      {
        cacheDir,
        signal,
        onWait: () => {
          log.push('second waits');
          waiting.resolve();
        },
      },
      async () => {
        log.push('second works');
      },
    );
    await Promise.all([first, second]);
    assert.deepEqual(log, [
      'first begins',
      'second waits',
      'first ends',
      'second works',
    ]);
  });

  it('does not hold up the work on another cache', async test => {
    const one = await temporaryFolder(test);
    const other = await temporaryFolder(test);
    const result = await withCacheLock({ cacheDir: one, signal }, () =>
      withCacheLock({ cacheDir: other, signal }, async () => 'both'),
    );
    assert.equal(result, 'both');
  });

  it('is free again after work that failed', async test => {
    const cacheDir = await temporaryFolder(test);
    await assert.rejects(
      withCacheLock({ cacheDir, signal }, async () => {
        throw new Error('out of memory');
      }),
      /out of memory/,
    );
    assert.equal(await withCacheLock({ cacheDir, signal }, async () => 1), 1);
  });

  it('is free as soon as a process that held it is killed', async test => {
    const cacheDir = await temporaryFolder(test);
    const lock = path.join(import.meta.dirname, 'cacheLock.ts');
    const holder = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { withCacheLock } from ${JSON.stringify(lock)};
         const { signal } = new AbortController();
         await withCacheLock({ cacheDir: ${JSON.stringify(
           cacheDir,
         )}, signal }, async () => {
           console.log('held');
           await new Promise(resolve => setTimeout(resolve, 600_000));
         });`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    test.after(() => holder.kill('SIGKILL'));
    await once(holder.stdout, 'data');
    const result = await withCacheLock(
      { cacheDir, signal, onWait: () => holder.kill('SIGKILL') },
      async () => 'free',
    );
    assert.equal(result, 'free');
  });

  it('stops waiting when it is told to', async test => {
    const cacheDir = await temporaryFolder(test);
    const giveUp = new AbortController();
    await withCacheLock({ cacheDir, signal }, () =>
      assert.rejects(
        withCacheLock(
          {
            cacheDir,
            signal: giveUp.signal,
            onWait: () => giveUp.abort(new Error('enough')),
          },
          async () => {},
        ),
        /enough/,
      ),
    );
  });
});
