import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from '../processes/runCommand.ts';

/**
 * Libraries that glibc loads by itself when a name is to be resolved, so that ldd does not list them. Since glibc 2.34
 * they are part of libc; older ones need the files.
 */
const nameServiceLibraries = [
  'libnss_dns.so.2',
  'libnss_files.so.2',
  'libresolv.so.2',
];

/** The shared libraries of a program, as paths at which its loader finds them; none for a static program. */
export async function sharedLibraries(
  program: string,
  signal: AbortSignal,
): Promise<string[]> {
  const ldd = await runCommand('ldd', [program], { signal });
  if (ldd.output.includes('not a dynamic executable')) {
    return [];
  }
  if (ldd.code !== 0) {
    throw new Error(`ldd ${program} failed: ${ldd.output.trim()}`);
  }
  const linked = parseLdd(ldd.stdout);
  const libc = linked.find(file => path.basename(file).startsWith('libc.so'));
  if (!libc) {
    return linked;
  }
  const dir = path.dirname(libc);
  const beside = new Set(await readdir(dir));
  return [
    ...linked,
    ...nameServiceLibraries
      .filter(name => beside.has(name))
      .map(name => path.join(dir, name)),
  ];
}

/**
 * Reads ldd's lines: `libm.so.6 => /lib/…/libm.so.6 (0x…)`, and the loader itself as `/lib64/ld-linux-x86-64.so.2
 * (0x…)`. The kernel's own (linux-vdso) has no file. A library that is not found is an error: the image would not start.
 */
export function parseLdd(output: string): string[] {
  const missing = /^\s*(\S+) => not found/m.exec(output)?.[1];
  if (missing) {
    throw new Error(`The shared library ${missing} is not on this machine.`);
  }
  return output
    .split('\n')
    .map(line => /(?:=>\s*|^\s*)(\/\S+) \(0x/.exec(line)?.[1])
    .filter(file => file !== undefined);
}
