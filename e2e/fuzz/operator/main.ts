/**
 * The real operator's link and journal as a process of its own, on no cluster. Argument: JSON, see FuzzedOptions. Orders come on
 * standard input, answers go to standard output. It ends in good order when standard input does.
 */
import {
  createLink,
  createLogger,
  Journal,
  LinkState,
  OperatorKey,
  OperatorKeys,
  systemClock as clock,
} from '@kubenova/operator/link';
import { DateTime } from 'luxon';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { usageRecord } from '../../chaos/operator/usageRecord.ts';
import type { FuzzedOptions, FuzzedOrder } from './protocol.ts';

const options: FuzzedOptions = JSON.parse(process.argv[2]);
const stop = new AbortController();

const stored = { present: OperatorKey.generate() };
const journal = Journal.open({
  file: path.join(options.folder, 'journal.db'),
  clusterId: options.clusterId,
  clock,
  createUuid: randomUUID,
});
const link = createLink({
  journal,
  guard: { check: () => ({ allowed: true }) },
  manager: options.manager,
  joinTokenFile: options.joinTokenFile,
  identity: {
    clusterId: options.clusterId,
    installationId: options.installationId,
    processInstance: randomUUID(),
    operatorVersion: '0.1.0',
    kubernetesVersion: 'v1.36.3',
  },
  keys: new OperatorKeys({
    store: {
      load: async () => stored,
      create: async () => stored,
      replace: async next => {
        Object.assign(stored, { next: undefined }, next);
      },
    },
    stored,
  }),
  isHolder: () => true,
  state: new LinkState({ clock }),
  random: () => 0,
  createUuid: randomUUID,
  clock,
  logger: createLogger({
    write: line => process.stderr.write(line),
    now: () => DateTime.utc(),
  }),
  limits: {
    openingTimeoutMs: 2_000,
    graceMs: 200,
    firstBackoffMs: 1,
    lastBackoffMs: 5,
    // To be fuzzed again at once.
    refusedPauseMs: 1,
  },
});

createInterface({ input: process.stdin })
  .on('line', line => answer(JSON.parse(line)))
  .on('close', () => stop.abort());
await link.start(stop.signal);
journal.close();

function answer({ id, ...order }: FuzzedOrder & { id: number }): void {
  process.stdout.write(`${JSON.stringify({ id, result: obey(order) })}\n`);
}

function obey(order: FuzzedOrder): unknown {
  if ('put' in order) {
    journal.events.put(usageRecord(order.put, clock.now()));
    return true;
  }
  globalThis.gc?.();
  return {
    ...process.memoryUsage(),
    resources: process.getActiveResourcesInfo(),
    ackedSeq: journal.events.ackedSeq,
  };
}
