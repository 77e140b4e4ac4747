import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { hashPortalSources } from './sources.ts';

describe('the hash of the portal’s sources', () => {
  let root: string;
  const write = (file: string, content: string) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), content);
  };
  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'kubenova-sources-'));
    for (const file of [
      'package.json',
      'yarn.lock',
      'tsconfig.json',
      'backstage.json',
      'app-config.yaml',
      'packages/app/src/App.tsx',
      'packages/backend/src/index.ts',
      'plugins/kubenova/src/plugin.ts',
      'proto/link.proto',
    ]) {
      write(file, file);
    }
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('changes with a source and comes back with it', () => {
    const before = hashPortalSources(root);
    write('plugins/kubenova/src/plugin.ts', 'changed');
    assert.notEqual(hashPortalSources(root), before);
    write('plugins/kubenova/src/plugin.ts', 'plugins/kubenova/src/plugin.ts');
    assert.equal(hashPortalSources(root), before);
  });

  it('changes when a file gets another name', () => {
    const before = hashPortalSources(root);
    rmSync(path.join(root, 'proto/link.proto'));
    write('proto/other.proto', 'proto/link.proto');
    assert.notEqual(hashPortalSources(root), before);
  });

  it('does not change with tests, builds and dependencies', () => {
    const before = hashPortalSources(root);
    write('plugins/kubenova/src/plugin.test.ts', 'a test');
    write('plugins/kubenova/dist/index.js', 'a build');
    write('packages/app/node_modules/x/index.js', 'a dependency');
    assert.equal(hashPortalSources(root), before);
  });
});
