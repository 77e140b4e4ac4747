import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instance } from '../instance/index.ts';
import { datacentersDir, describe } from './layout.ts';
import type { Datacenter } from './types.ts';

const NAME = /^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/;
const LAST_INDEX = 250;

/** A name that cannot be a datacenter's. */
export class InvalidDatacenterName extends Error {
  readonly code = 'NAME_INVALID';

  constructor(name: string) {
    super(
      `"${name}" cannot be a datacenter's name: use 1 to 40 lower-case letters, digits and hyphens, ` +
        `with a letter or a digit at both ends, like fra1.`,
    );
  }
}

/** @throws InvalidDatacenterName */
export function assertDatacenterName(name: string): void {
  if (!NAME.test(name)) throw new InvalidDatacenterName(name);
}

async function readIndex(dir: string): Promise<number | undefined> {
  try {
    const text = await readFile(join(dir, 'datacenter.json'), 'utf8');
    return (JSON.parse(text) as { index: number }).index;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The datacenters that the instance keeps, running or not, by name. */
export async function readDatacenters(
  instance: Instance,
): Promise<Datacenter[]> {
  const folder = datacentersDir(instance);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const datacenters: Datacenter[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const index = await readIndex(join(folder, name));
    if (index !== undefined) datacenters.push(describe(instance, name, index));
  }
  return datacenters;
}

/** The datacenter of that name, if there is one. */
export async function findDatacenter(
  instance: Instance,
  name: string,
): Promise<Datacenter | undefined> {
  const datacenters = await readDatacenters(instance);
  return datacenters.find(datacenter => datacenter.name === name);
}

/**
 * The datacenter of that name; a new one gets the lowest free index. The caller holds the instance's lock.
 *
 * @throws InvalidDatacenterName
 */
export async function registerDatacenter(
  instance: Instance,
  name: string,
): Promise<Datacenter> {
  assertDatacenterName(name);
  const datacenters = await readDatacenters(instance);
  const existing = datacenters.find(datacenter => datacenter.name === name);
  if (existing) return existing;
  const taken = new Set(datacenters.map(datacenter => datacenter.index));
  let index = 1;
  while (taken.has(index)) index++;
  if (index > LAST_INDEX)
    throw new Error(
      `There are ${LAST_INDEX} datacenters already: remove one with ./kubenova datacenter down NAME --purge.`,
    );
  const datacenter = describe(instance, name, index);
  // World-writable volumes lie below, so the folder itself is closed to others.
  await mkdir(datacenter.dir, { recursive: true, mode: 0o700 });
  await writeFile(
    join(datacenter.dir, 'datacenter.json'),
    JSON.stringify({ name, index }),
  );
  return datacenter;
}
