import assert from 'node:assert/strict';
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { temporaryFolder, writeToolSet } from './testing.ts';
import { toolchainKey, toolSetKey } from './toolchainKey.ts';

describe('the key of a tool set', () => {
  it('stays the same while nothing changes', async test => {
    const source = await temporaryFolder(test);
    const set = await writeToolSet(source, 'tools', ['hammer']);
    assert.equal(await toolSetKey(set, source), await toolSetKey(set, source));
    assert.match(await toolSetKey(set, source), /^[0-9a-f]{16}$/);
  });

  it('changes with a version, a flag, go.mod and a source file', async test => {
    const source = await temporaryFolder(test);
    const set = await writeToolSet(source, 'tools', ['hammer']);
    const keys = [
      await toolSetKey(set, source),
      await toolSetKey({ ...set, version: '1.0.1' }, source),
      await toolSetKey({ ...set, tags: ['no_nails'] }, source),
    ];
    for (const file of ['go.mod', 'hammer/main.go']) {
      await appendFile(path.join(source, 'tools', file), '// changed\n');
      keys.push(await toolSetKey(set, source));
    }
    assert.equal(new Set(keys).size, keys.length);
  });
});

describe('the key of a toolchain', () => {
  it('changes with the key of one set and with a choice, not with the order', () => {
    const keys = new Map([
      ['a', '1'],
      ['b', '2'],
    ]);
    const reversed = new Map([...keys].reverse());
    const key = toolchainKey(keys, { proxy: 'given' });
    assert.equal(toolchainKey(reversed, { proxy: 'given' }), key);
    assert.notEqual(toolchainKey(keys, { proxy: 'stand-in' }), key);
    assert.notEqual(
      toolchainKey(new Map(keys).set('b', '3'), { proxy: 'given' }),
      key,
    );
  });
});
