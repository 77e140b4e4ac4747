import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { cacheDirOf } from '../instance/index.ts';
import { mustRun, runCommand } from '../processes/runCommand.ts';
import {
  ensureToolchain,
  missingPrerequisites,
  type Toolchain,
} from '../toolchain/index.ts';
import { findCommand } from '../toolchain/findCommand.ts';
import { baseLayer, nodeLayer, nonrootUser, program } from './layers.ts';
import type { ImageSpec } from './types.ts';
import { writeImageArchive } from './writeImageArchive.ts';

const { signal } = new AbortController();

/** A real containerd with folders of its own; it runs the images that the tests assemble. */
describe('an assembled image', () => {
  let toolchain: Toolchain;
  let dir: string;
  let containerd: ChildProcess;
  let ctr: (...args: string[]) => Promise<string>;

  before(async () => {
    const cacheDir = cacheDirOf(process.env);
    assert.deepEqual(await missingPrerequisites({ cacheDir }), []);
    toolchain = await ensureToolchain({ cacheDir, signal });
    // A socket's path is short.
    dir = await mkdtemp('/run/kubenova-image-test-');
    const config = path.join(dir, 'config.toml');
    await writeFile(
      config,
      `version = 3\nroot = "${dir}/root"\nstate = "${dir}/state"\n[grpc]\n  address = "${dir}/socket"\n`,
    );
    containerd = spawn(
      path.join(toolchain.binDir, 'containerd'),
      ['--config', config],
      {
        stdio: 'ignore',
        env: {
          ...process.env,
          PATH: `${toolchain.binDir}:${process.env.PATH}`,
        },
      },
    );
    const client = path.join(toolchain.binDir, 'ctr');
    const address = ['--address', `${dir}/socket`];
    while ((await runCommand(client, [...address, 'version'])).code !== 0) {
      assert.equal(containerd.exitCode, null, 'containerd ended');
      await delay(50);
    }
    ctr = async (...args) =>
      (await mustRun(client, [...address, ...args], { signal })).stdout;
  });

  after(async () => {
    if (containerd?.exitCode === null) {
      containerd.kill('SIGTERM');
      await once(containerd, 'exit');
    }
    if (dir) {
      await rm(dir, { recursive: true, force: true });
    }
  });

  async function importImage(spec: ImageSpec): Promise<void> {
    const archive = path.join(dir, 'image.tar');
    await writeImageArchive(spec, archive, signal);
    await ctr('images', 'import', archive);
    await rm(archive);
  }

  it('runs as its user, with the files, links and folders of all its layers', async () => {
    const busybox = await findCommand('busybox');
    assert.ok(busybox);
    await importImage({
      reference: 'kubenova.local/test:1',
      layers: [
        baseLayer,
        [
          program(busybox, '/bin/busybox'),
          { kind: 'symlink', path: '/bin/sh', target: 'busybox' },
          {
            kind: 'text',
            path: '/app/deep/note',
            mode: 0o644,
            content: 'hello\n',
          },
        ],
      ],
      entrypoint: [
        '/bin/sh',
        '-c',
        'busybox id -u; echo $GREETING; busybox cat /app/deep/note; busybox stat -c %a /tmp',
      ],
      user: nonrootUser,
      env: { GREETING: 'good morning' },
    });
    const output = await ctr('run', '--rm', 'kubenova.local/test:1', 'test-1');
    assert.equal(output, '65532\ngood morning\nhello\n1777\n');
  });

  it('has a Node that runs with nothing but its libraries', async () => {
    await importImage({
      reference: 'kubenova.local/test-node:1',
      layers: [baseLayer, await nodeLayer(signal)],
      entrypoint: [
        '/usr/local/bin/node',
        '-e',
        "new (require('node:sqlite').DatabaseSync)(':memory:'); console.log(process.version)",
      ],
      user: nonrootUser,
    });
    const output = await ctr(
      'run',
      '--rm',
      'kubenova.local/test-node:1',
      'test-2',
    );
    assert.equal(output, `${process.version}\n`);
  });
});
