import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { withLock } from './withLock.ts';

describe('a lock between processes', () => {
  let file: string;
  beforeEach(() => {
    const dir = mkdtempSync(path.join(os.tmpdir(), 'kubenova-lock-'));
    file = path.join(dir, 'deeper', 'lock');
  });
  afterEach(() =>
    rmSync(path.dirname(path.dirname(file)), { recursive: true }),
  );

  it('lets one in at a time, and the other when it is done', async () => {
    const order: string[] = [];
    const { promise: waited, resolve: onWait } = Promise.withResolvers<void>();
    const first = withLock({ file }, async () => {
      order.push('first in');
      await waited;
      order.push('first out');
    });
    const second = withLock({ file, onWait }, async () => {
      order.push('second in');
    });
    await Promise.all([first, second]);
    assert.deepEqual(order, ['first in', 'first out', 'second in']);
  });

  it('is given back by work that fails', async () => {
    await assert.rejects(
      withLock({ file }, () => Promise.reject(new Error('failed'))),
      /failed/,
    );
    assert.equal(await withLock({ file }, async () => 'in'), 'in');
  });

  it('is free as soon as a process that had it is killed', async test => {
    const module = JSON.stringify(
      path.join(import.meta.dirname, 'withLock.ts'),
    );
    const holder = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { withLock } from ${module};
         await withLock({ file: ${JSON.stringify(file)} }, async () => {
           console.log('held');
           await new Promise(resolve => setTimeout(resolve, 600_000));
         });`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    test.after(() => holder.kill('SIGKILL'));
    await once(holder.stdout, 'data');
    const onWait = () => void holder.kill('SIGKILL');
    assert.equal(await withLock({ file, onWait }, async () => 'in'), 'in');
  });

  it('stops waiting when it is told to', async () => {
    const stopping = new AbortController();
    await withLock({ file }, async () => {
      const waiting = withLock(
        { file, signal: stopping.signal, onWait: () => stopping.abort() },
        async () => 'in',
      );
      await assert.rejects(waiting, { name: 'AbortError' });
    });
  });
});
