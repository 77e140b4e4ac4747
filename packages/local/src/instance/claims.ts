import {
  access,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import type { InstanceRecord } from './types.ts';

/*
 * Claims keep checkouts apart that are not running at the moment: a network that looks free may be remembered by
 * another one. They lie in the shared cache folder, one file for each network.
 *
 * 1. A claim is made by creating its file exclusively; who fails takes another network.
 * 2. A claim whose instance is gone or remembers something else (the checkout was deleted) may be taken over.
 * 3. A claim is older than its instance's record by a moment, in which nobody may take it over.
 */

const GRACE_MS = 60_000;

type Claim = { id: string; stateDir: string };

function claimPath(cacheDir: string, network: number): string {
  return join(cacheDir, 'instances', `${network}.json`);
}

async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** What the instance of `stateDir` remembers, if it was opened before. */
export function readRecord(
  stateDir: string,
): Promise<InstanceRecord | undefined> {
  return readJson<InstanceRecord>(join(stateDir, 'instance.json'));
}

async function isLive(claim: Claim, path: string): Promise<boolean> {
  const record = await readRecord(claim.stateDir);
  if (record) return record.id === claim.id;
  try {
    await access(claim.stateDir);
    const { mtimeMs } = await stat(path);
    return Date.now() - mtimeMs < GRACE_MS;
  } catch {
    return false;
  }
}

/** Ids of all live instances that share this cache folder. */
export async function claimedIds(cacheDir: string): Promise<Set<string>> {
  const folder = join(cacheDir, 'instances');
  await mkdir(folder, { recursive: true });
  const ids = new Set<string>();
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const claim = await readJson<Claim>(path);
    if (claim && (await isLive(claim, path))) ids.add(claim.id);
  }
  return ids;
}

/** Takes `network` for an instance; false when another live instance has it. */
export async function claimNetwork(options: {
  cacheDir: string;
  network: number;
  claim: Claim;
}): Promise<boolean> {
  const path = claimPath(options.cacheDir, options.network);
  const existing = await readJson<Claim>(path);
  if (existing && (await isLive(existing, path))) return false;
  if (existing) await rm(path, { force: true });
  try {
    await writeFile(path, JSON.stringify(options.claim), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Gives a network back, so that the next new instance may have it. */
export async function releaseNetwork(
  cacheDir: string,
  network: number,
): Promise<void> {
  await rm(claimPath(cacheDir, network), { force: true });
}
