import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { promisify } from 'node:util';
import type { Machine } from './types.ts';

const run = promisify(execFile);

/** The n of 10.n.0.0/16 in each dotted address of `text`. */
export function networksNamedIn(text: string): Set<number> {
  const networks = new Set<number>();
  for (const [, n] of text.matchAll(/\b10\.(\d{1,3})\.\d{1,3}\.\d{1,3}\b/g))
    networks.add(Number(n));
  return networks;
}

async function networksInUse(): Promise<Set<number>> {
  const addresses = Object.values(networkInterfaces())
    .flatMap(entries => entries ?? [])
    .map(entry => entry.address);
  // Routes matter too: a VPN's networks have no address here. Without iproute2 (not Linux) addresses must do.
  const routes = await run('ip', ['route', 'show', 'table', 'all']).then(
    result => result.stdout,
    () => '',
  );
  return networksNamedIn([...addresses, routes].join('\n'));
}

function isPortFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    // Without a host: busy on any address counts as busy.
    server.listen({ port, exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}

/** This machine. */
export const thisMachine: Machine = {
  networksInUse,
  isPortFree,
  randomId: () => randomBytes(2).toString('hex'),
};
