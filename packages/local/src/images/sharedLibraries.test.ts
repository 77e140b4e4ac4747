import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { temporaryFolder } from '../toolchain/testing.ts';
import { parseLdd, sharedLibraries } from './sharedLibraries.ts';

const { signal } = new AbortController();

describe('the shared libraries of a program', () => {
  it('are read from what ldd prints, the loader included and the kernel left out', () => {
    const output = `	linux-vdso.so.1 (0x00007ffd0b1f2000)
	libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f3c1a000000)
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f3c19e00000)
	/lib64/ld-linux-x86-64.so.2 (0x00007f3c1a2f0000)
`;
    assert.deepEqual(parseLdd(output), [
      '/lib/x86_64-linux-gnu/libm.so.6',
      '/lib/x86_64-linux-gnu/libc.so.6',
      '/lib64/ld-linux-x86-64.so.2',
    ]);
  });

  it('are an error when one is not there', () => {
    assert.throws(
      () => parseLdd('\tlibfoo.so.1 => not found\n'),
      /libfoo\.so\.1 is not on this machine/,
    );
  });

  it('are none for a static program, and an error for no program', async test => {
    const dir = await temporaryFolder(test);
    const script = path.join(dir, 'script');
    await writeFile(script, '#!/bin/sh\n', { mode: 0o755 });
    assert.deepEqual(await sharedLibraries(script, signal), []);
    await assert.rejects(
      sharedLibraries(path.join(dir, 'gone'), signal),
      /gone.*No such file/,
    );
  });

  it('of this Node have a C library and a loader', async () => {
    const files = await sharedLibraries(process.execPath, signal);
    assert.ok(files.some(file => /\/libc\.so\.6$/.test(file)));
    assert.ok(files.some(file => /\/ld-linux[^/]*$/.test(file)));
  });
});
