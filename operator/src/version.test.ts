import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { version } from './version.ts';

it('names the release that package.json names', () => {
  const path = new URL('../package.json', import.meta.url);
  const packageJson = JSON.parse(readFileSync(path, 'utf8'));
  assert.equal(version, packageJson.version);
});
