import assert from 'node:assert/strict';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { temporaryFolder } from '../toolchain/testing.ts';
import { ensureImageArchive } from './archiveStore.ts';
import { imageKey } from './imageKey.ts';
import type { ImageSpec } from './types.ts';

const { signal } = new AbortController();

function spec(content: string): ImageSpec {
  return {
    reference: 'kubenova.local/tool:1',
    layers: [[{ kind: 'text', path: '/note', mode: 0o644, content }]],
    entrypoint: ['/tool'],
    user: '65532:65532',
  };
}

async function store(test: TestContext) {
  const cacheDir = await temporaryFolder(test);
  const imagesDir = path.join(cacheDir, 'images');
  let hour = 0;
  let assembled = 0;
  return {
    imagesDir,
    assembled: () => assembled,
    ensure: (content: string) =>
      ensureImageArchive({
        spec: spec(content),
        imagesDir,
        cacheDir,
        signal,
        now: new Date(Date.UTC(2030, 0, 1, hour++)),
        onAssemble: () => {
          assembled++;
        },
      }),
  };
}

describe('the archives in the cache', () => {
  it('are assembled once for each content', async test => {
    const { ensure, assembled } = await store(test);
    const first = await ensure('a');
    assert.deepEqual(await ensure('a'), first);
    assert.equal(assembled(), 1);
    assert.notEqual((await ensure('b')).archive, first.archive);
    assert.equal(assembled(), 2);
  });

  it('are assembled once when two ask at the same time', async test => {
    const { ensure, assembled } = await store(test);
    await Promise.all([ensure('a'), ensure('a')]);
    assert.equal(assembled(), 1);
  });

  it('go when two newer ones of the same image are in use', async test => {
    const { ensure, imagesDir } = await store(test);
    await ensure('a');
    const b = await ensure('b');
    const c = await ensure('c');
    await writeFile(path.join(imagesDir, 'toolbox-0123456789abcdef.tar'), '');
    await ensure('b');
    assert.deepEqual(
      (await readdir(imagesDir)).sort(),
      [
        path.basename(b.archive),
        path.basename(c.archive),
        'toolbox-0123456789abcdef.tar',
      ].sort(),
    );
  });
});

describe('the key of an image', () => {
  it('changes with the content of a small file, not with its time', async test => {
    const dir = await temporaryFolder(test);
    const source = path.join(dir, 'main.js');
    const image: ImageSpec = {
      ...spec(''),
      layers: [[{ kind: 'file', path: '/main.js', mode: 0o644, source }]],
    };
    await writeFile(source, 'one');
    const key = await imageKey(image);
    await utimes(source, new Date(0), new Date(0));
    assert.equal(await imageKey(image), key);
    await writeFile(source, 'two');
    assert.notEqual(await imageKey(image), key);
  });

  it('changes with how the image is run and with how its layers are cut', async () => {
    const image = spec('x');
    const [layer] = image.layers;
    const keys = await Promise.all(
      [
        image,
        { ...image, user: '0:0' },
        { ...image, entrypoint: ['/other'] },
        { ...image, env: { A: 'b' } },
        { ...image, layers: [layer, layer] },
        { ...image, layers: [[...layer, ...layer]] },
      ].map(imageKey),
    );
    assert.equal(new Set(keys).size, keys.length);
  });
});
