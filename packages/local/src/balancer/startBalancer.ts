import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { hostAndPort } from '../processes/address.ts';
import {
  endLeftover,
  startProcess,
  type ManagedProcess,
} from '../processes/startProcess.ts';
import { waitUntil } from '../processes/waitUntil.ts';
import {
  haproxyConfiguration,
  type BalancedReplica,
  type BalancerAddresses,
} from './haproxyConfiguration.ts';

export type Balancer = {
  process: ManagedProcess;
  logFile: string;
  /** Resolves when every replica takes requests and sessions. */
  untilAllReady(signal?: AbortSignal): Promise<void>;
  stop(): Promise<void>;
};

const STOP = { stopSignal: 'SIGTERM', graceMs: 10_000 } as const;
const RECORD = 'balancer.json';
const READY_LIMIT_MS = 60_000;

/** Ends the balancer that a crash left running, if any. */
export async function endLeftoverBalancer(stateDir: string): Promise<void> {
  await endLeftover({ recordFile: path.join(stateDir, RECORD), ...STOP });
}

/** Starts HAProxy before replicas. Resolves at once; `untilAllReady` says when they can be reached through it. */
export async function startBalancer(options: {
  /** HAProxy's file, see ensureHaproxy. */
  command: string;
  addresses: BalancerAddresses;
  replicas: readonly BalancedReplica[];
  /** Holds the configuration, the log and the record of the process. */
  stateDir: string;
}): Promise<Balancer> {
  const { command, addresses, replicas, stateDir } = options;
  await endLeftoverBalancer(stateDir);
  const configFile = path.join(stateDir, 'haproxy.cfg');
  const logFile = path.join(stateDir, 'balancer.log');
  writeFileSync(configFile, haproxyConfiguration(addresses, replicas));
  writeFileSync(logFile, '');
  const haproxy = startProcess({
    command,
    args: ['-db', '-f', configFile],
    logFile,
    recordFile: path.join(stateDir, RECORD),
    onLauncherDeath: 'SIGKILL',
    ...STOP,
  });
  const ended = haproxy.exited.then(() => {
    throw new Error(
      `HAProxy ended. Its log (${logFile}):\n${readFileSync(logFile, 'utf8')}`,
    );
  });
  // Told to whoever waits; an end that nobody waits for is the launcher's to notice.
  ended.catch(() => {});
  const what = 'every replica to be reached through the balancer';
  return {
    process: haproxy,
    logFile,
    async untilAllReady(signal) {
      await Promise.race([
        ended,
        waitUntil(
          { what, limitMs: READY_LIMIT_MS, intervalMs: 100, signal },
          async () =>
            (await isHealthy(hostAndPort(addresses.health))) || undefined,
        ),
      ]);
    },
    stop: () => haproxy.stop(),
  };
}

async function isHealthy(address: string): Promise<boolean> {
  const response = await fetch(`http://${address}/`);
  await response.body?.cancel();
  return response.ok;
}
