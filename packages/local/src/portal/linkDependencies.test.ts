import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { mustRun } from '../processes/runCommand.ts';
import { linkDependencies } from './linkDependencies.ts';

describe('an unpacked bundle with the checkout’s dependencies', () => {
  let root: string;
  let bundle: string;
  const write = (file: string, content: string) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), content);
  };

  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'kubenova-link-'));
    bundle = path.join(root, '.cache/portal/hash');
    write('node_modules/@scope/dependency/package.json', '{}');
    write(
      'node_modules/@scope/dependency/index.js',
      'module.exports = () => require("own");',
    );
    for (const folder of ['', '.cache/portal/hash.partial/']) {
      write(`${folder}plugins/own/package.json`, '{}');
    }
    write('plugins/own/index.js', 'module.exports = "source"');
    write(
      '.cache/portal/hash.partial/plugins/own/index.js',
      'module.exports = "built, with " + require("nested");',
    );
    write(
      'plugins/own/node_modules/nested/index.js',
      'module.exports = "its own version"',
    );
    write('node_modules/nested/index.js', 'module.exports = "another version"');
    symlinkSync('../plugins/own', path.join(root, 'node_modules/own'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('finds the built packages from everywhere, and the versions that they want', async () => {
    const partial = `${bundle}.partial`;
    linkDependencies({ root, dir: partial, finalDir: bundle });
    renameSync(partial, bundle);
    writeFileSync(
      path.join(bundle, 'main.js'),
      'console.log(require("@scope/dependency")())',
    );
    const { stdout } = await mustRun(process.execPath, [
      '--preserve-symlinks',
      '--preserve-symlinks-main',
      path.join(bundle, 'main.js'),
    ]);
    assert.equal(stdout.trim(), 'built, with its own version');
  });
});
