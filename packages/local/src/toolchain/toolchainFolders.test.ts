import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { temporaryFolder } from './testing.ts';
import { exists, markUsed, removeUnused } from './toolchainFolders.ts';

const day = 24 * 60 * 60 * 1000;

describe('the folders of the cache', () => {
  it('go when nobody has used them for a week', async test => {
    const cacheDir = await temporaryFolder(test);
    const now = new Date('2030-05-20T12:00:00Z');
    const lastUsed = {
      'toolchain/current': 0,
      'toolchain/yesterdays': 1,
      'toolchain/forgotten': 8,
      'toolsets/etcd/current': 0,
      'toolsets/etcd/forgotten': 30,
    };
    for (const [folder, daysAgo] of Object.entries(lastUsed)) {
      const dir = path.join(cacheDir, folder);
      await mkdir(dir, { recursive: true });
      await markUsed(dir, new Date(now.getTime() - daysAgo * day));
    }
    await removeUnused(cacheDir, now);
    const left = await Promise.all(
      Object.keys(lastUsed).map(folder => exists(path.join(cacheDir, folder))),
    );
    assert.deepEqual(left, [true, true, false, true, false]);
  });

  it('need not be there', async test => {
    const cacheDir = await temporaryFolder(test);
    await removeUnused(path.join(cacheDir, 'nothing'), new Date());
  });
});
