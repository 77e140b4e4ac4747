import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { FileDatacenter } from './FileDatacenter.ts';
import { VersionedFiles } from './VersionedFiles.ts';

const KEY = 'applications/acme/web';

const wanted = (generation: number, uid = 'uid-1') => ({
  uid,
  generation,
  yaml: `generation: ${generation}`,
  writer: 'operator',
});

describe('a datacenter of files', () => {
  it('takes a newer generation, and keeps it from an older one', t => {
    const datacenter = new FileDatacenter(folder(t));
    assert.equal(datacenter.apply(KEY, wanted(3)), 'applied');
    assert.equal(datacenter.apply(KEY, wanted(5)), 'applied');
    assert.equal(datacenter.apply(KEY, wanted(4)), 'newer');
    assert.equal(datacenter.apply(KEY, wanted(5)), 'applied');
    assert.equal(datacenter.get(KEY)?.generation, 5);
  });

  it('gives no name to another object before the first is gone', t => {
    const datacenter = new FileDatacenter(folder(t));
    datacenter.apply(KEY, wanted(3));
    assert.equal(datacenter.apply(KEY, wanted(5, 'uid-2')), 'taken');
    datacenter.remove(KEY, { uid: 'uid-2', generation: 4, writer: 'operator' });
    assert.ok(datacenter.get(KEY));

    datacenter.remove(KEY, { uid: 'uid-1', generation: 4, writer: 'operator' });
    assert.equal(datacenter.get(KEY), undefined);
    assert.equal(datacenter.apply(KEY, wanted(5, 'uid-2')), 'applied');
  });

  it('remembers every version of an object, and that it was gone', t => {
    const datacenter = new FileDatacenter(folder(t));
    datacenter.apply(KEY, wanted(3));
    datacenter.touch(KEY, 'operator');
    datacenter.remove(KEY, { uid: 'uid-1', generation: 4, writer: 'operator' });
    const [{ versions }] = datacenter.history();
    assert.deepEqual(
      versions.map(({ generation, revision, yaml }) => [
        generation,
        revision,
        yaml !== undefined,
      ]),
      [
        [3, 0, true],
        [3, 1, true],
        [4, 1, false],
      ],
    );
  });
});

describe('versioned files', () => {
  it('let one of two writers replace a version', t => {
    const files = new VersionedFiles<string>(folder(t));
    assert.ok(files.write('a/b', 'first', 0));
    assert.ok(!files.write('a/b', 'late', 0));
    assert.deepEqual(files.read('a/b'), { version: 1, value: 'first' });
    assert.deepEqual(files.names(), ['a/b']);
  });
});

function folder(t: TestContext): string {
  const made = mkdtempSync(path.join(os.tmpdir(), 'kubenova-datacenter-'));
  t.after(() => rmSync(made, { recursive: true }));
  return made;
}
