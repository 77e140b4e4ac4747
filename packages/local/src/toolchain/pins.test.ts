import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { isAtLeast } from './missingPrerequisites.ts';
import {
  controlPlaneBinaries,
  goVersion,
  operatorBinaries,
  toolSets,
  versionOf,
} from './pins.ts';
import { toolSetsSource } from './toolchainKey.ts';

function goModOf(setName: string): Promise<string> {
  return readFile(path.join(toolSetsSource, setName, 'go.mod'), 'utf8');
}

describe('the pins', () => {
  for (const { name, module, version } of toolSets.filter(set => set.module)) {
    it(`say the version of ${module} that its go.mod requires`, async () => {
      const goMod = await goModOf(name);
      assert.match(
        goMod,
        new RegExp(`^(require|\t| )*${module} v${version}\\b`, 'm'),
      );
    });
  }

  it('name a Go that every go.mod accepts', async () => {
    for (const { name } of toolSets) {
      const asked = /^go (\S+)$/m.exec(await goModOf(name))?.[1];
      assert.ok(asked && isAtLeast(goVersion, asked), `${name}: go ${asked}`);
    }
  });

  it('build each binary once, what a control plane needs before what only nodes need', () => {
    const names = toolSets.flatMap(set => set.binaries.map(({ name }) => name));
    assert.equal(new Set(names).size, names.length);
    for (const name of [...controlPlaneBinaries, ...operatorBinaries]) {
      assert.ok(names.includes(name), name);
    }
    const last = Math.max(
      ...controlPlaneBinaries.map(name => names.indexOf(name)),
    );
    assert.ok(last < names.indexOf('kubelet'));
  });

  it('refuse a name that is not among them', () => {
    assert.equal(versionOf('capsule'), '0.14.0');
    assert.throws(() => versionOf('capsules'), /no tool set named capsules/);
  });
});
