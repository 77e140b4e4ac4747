import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { temporaryFolder } from '../toolchain/testing.ts';
import type { ImageSpec } from './types.ts';
import { writeImageArchive } from './writeImageArchive.ts';

const { signal } = new AbortController();

async function assembled(test: TestContext) {
  const dir = await temporaryFolder(test);
  const source = path.join(dir, 'tool');
  // Larger than one piece of a stream.
  await writeFile(source, Buffer.alloc(3_000_000, 'x'));
  const spec: ImageSpec = {
    reference: 'kubenova.local/tool:1.2.3',
    layers: [
      [{ kind: 'directory', path: '/tmp', mode: 0o1777 }],
      [
        { kind: 'file', path: '/usr/local/bin/tool', mode: 0o755, source },
        { kind: 'symlink', path: '/bin/tool', target: '/usr/local/bin/tool' },
        { kind: 'text', path: '/etc/note', mode: 0o644, content: 'hello\n' },
        {
          kind: 'directory',
          path: '/var/lib/tool',
          mode: 0o750,
          owner: { uid: 65532, gid: 65532 },
        },
      ],
    ],
    entrypoint: ['/bin/tool', '--serve'],
    user: '65532:65532',
    env: { HOME: '/tmp' },
  };
  const archive = path.join(dir, 'image.tar');
  await writeImageArchive(spec, archive, signal);
  const extract = (member: string) =>
    execFileSync('tar', ['-xOf', archive, member], { maxBuffer: 1e8 });
  const [manifest] = JSON.parse(extract('manifest.json').toString());
  return { dir, spec, archive, extract, manifest };
}

describe('an image archive', () => {
  it('names the image and its layers by their digests', async test => {
    const { extract, manifest } = await assembled(test);
    assert.deepEqual(manifest.RepoTags, ['kubenova.local/tool:1.2.3']);
    const configuration = JSON.parse(extract(manifest.Config).toString());
    const digests = manifest.Layers.map(
      (layer: string) =>
        `sha256:${createHash('sha256').update(extract(layer)).digest('hex')}`,
    );
    assert.deepEqual(configuration.rootfs.diff_ids, digests);
    assert.equal(configuration.history.length, digests.length);
  });

  it('has the entrypoint, user and environment', async test => {
    const { extract, manifest } = await assembled(test);
    const { config, os } = JSON.parse(extract(manifest.Config).toString());
    assert.equal(os, 'linux');
    assert.deepEqual(config.Entrypoint, ['/bin/tool', '--serve']);
    assert.equal(config.User, '65532:65532');
    assert.ok(config.Env.includes('HOME=/tmp'));
    assert.ok(config.Env.some((entry: string) => entry.startsWith('PATH=/')));
  });

  it('has every entry as it was given, with the folders above it', async test => {
    const { dir, extract, manifest } = await assembled(test);
    const layer = path.join(dir, 'layer.tar');
    await writeFile(layer, extract(manifest.Layers[1]));
    const listing = execFileSync('tar', [
      '--numeric-owner',
      '--full-time',
      '--utc',
      '-tvf',
      layer,
    ]).toString();
    const entries = listing
      .trim()
      .split('\n')
      .map(line => line.replace(/ +/g, ' '));
    const time = '1970-01-01 00:00:00';
    assert.deepEqual(entries, [
      `drwxr-xr-x 0/0 0 ${time} usr`,
      `drwxr-xr-x 0/0 0 ${time} usr/local`,
      `drwxr-xr-x 0/0 0 ${time} usr/local/bin`,
      `-rwxr-xr-x 0/0 3000000 ${time} usr/local/bin/tool`,
      `drwxr-xr-x 0/0 0 ${time} bin`,
      `lrwxrwxrwx 0/0 0 ${time} bin/tool -> /usr/local/bin/tool`,
      `drwxr-xr-x 0/0 0 ${time} etc`,
      `-rw-r--r-- 0/0 6 ${time} etc/note`,
      `drwxr-xr-x 0/0 0 ${time} var`,
      `drwxr-xr-x 0/0 0 ${time} var/lib`,
      `drwxr-x--- 65532/65532 0 ${time} var/lib/tool`,
    ]);
  });

  it('is the same, byte for byte, when it is assembled again', async test => {
    const { dir, spec, archive } = await assembled(test);
    const again = path.join(dir, 'again.tar');
    await writeImageArchive(spec, again, signal);
    assert.ok((await readFile(again)).equals(await readFile(archive)));
  });

  it('leaves nothing behind when a file of it is missing', async test => {
    const { dir, spec } = await assembled(test);
    const broken: ImageSpec = {
      ...spec,
      layers: [
        ...spec.layers,
        [
          {
            kind: 'file',
            path: '/gone',
            mode: 0o644,
            source: path.join(dir, 'gone'),
          },
        ],
      ],
    };
    await assert.rejects(
      writeImageArchive(broken, path.join(dir, 'broken.tar'), signal),
      /ENOENT.*gone/,
    );
    assert.deepEqual((await readdir(dir)).sort(), ['image.tar', 'tool']);
  });
});
