import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { withInstance } from './withInstance.ts';

describe('an instance', () => {
  it('is run by one at a time, and the other is told what it waits for', async test => {
    const root = mkdtempSync(path.join(os.tmpdir(), 'kubenova-instance-'));
    test.after(() => rmSync(root, { recursive: true }));
    const said = Promise.withResolvers<string>();
    const options = {
      root,
      name: 'default',
      env: { KUBENOVA_CACHE: path.join(root, 'cache') },
      signal: new AbortController().signal,
      terminal: { say: said.resolve },
    };
    const order: string[] = [];
    await withInstance(options, async () => {
      const second = withInstance(options, async () => order.push('second'));
      assert.match(await said.promise, /instance default .* waiting/);
      order.push('first');
      return { second };
    }).then(({ second }) => second);
    assert.deepEqual(order, ['first', 'second']);
  });
});
