/**
 * The operator's side of the link as a process of its own: the real link, journal and Lease on a datacenter that is made of files.
 *
 * Argument: JSON, see OperatorOptions. Orders come on standard input, answers and news go to standard output. It ends in good order
 * when standard input does, and with an error when the Lease is lost, as the operator does.
 */
import {
  createLink,
  createLogger,
  FileKeyStore,
  Journal,
  Lease,
  LinkState,
  OperatorKeys,
  type Logger,
} from '@kubenova/operator/link';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { FileDatacenter } from '../datacenter/FileDatacenter.ts';
import { hurried, WrongClock } from './clocks.ts';
import { FileLeaseClient } from './FileLeaseClient.ts';
import type { News, OperatorOptions, Order } from './protocol.ts';
import { Reconciler } from './Reconciler.ts';
import { usageRecord } from './usageRecord.ts';

/** A Lease of 15 s is one of 2.5 s here. */
const LEASE_HURRY = 6;

const options: OperatorOptions = JSON.parse(process.argv[2]);
const clock = new WrongClock(options.clockOffsetMs);
const stop = new AbortController();
const say = (line: News | { id: number; result?: true; error?: object }) =>
  process.stdout.write(`${JSON.stringify(line)}\n`);
const input = createInterface({ input: process.stdin }).on('close', () =>
  stop.abort(),
);

const lease = new Lease({
  client: new FileLeaseClient(path.join(options.datacenter, 'leases')),
  holder: options.processInstance,
  clock: hurried(clock, LEASE_HURRY),
  onError: error => process.stderr.write(`${error}\n`),
});
await lease.acquire(stop.signal);
if (!stop.signal.aborted) {
  await operate();
  await lease.release();
}

async function operate(): Promise<void> {
  const journal = Journal.open({
    file: path.join(options.volume, 'journal.db'),
    clusterId: options.clusterId,
    clock,
    createUuid: randomUUID,
  });
  const datacenter = new FileDatacenter(options.datacenter);
  const reconciler = new Reconciler({
    datacenter,
    desired: journal.desiredStates,
    events: journal.events,
    clock,
    writer: options.processInstance,
  });
  const link = createLink({
    journal,
    guard: { check: () => ({ allowed: true }) },
    manager: { url: options.url, ca: options.ca },
    joinTokenFile: path.join(options.datacenter, 'token'),
    identity: {
      clusterId: options.clusterId,
      installationId: options.installationId,
      processInstance: options.processInstance,
      operatorVersion: '0.1.0',
      kubernetesVersion: 'v1.36.3',
    },
    keys: await OperatorKeys.open(
      new FileKeyStore(path.join(options.datacenter, 'keys.json')),
    ),
    isHolder: () => lease.isHeld(),
    state: new LinkState({ clock }),
    random: Math.random,
    createUuid: randomUUID,
    clock,
    logger: sessionLogger(),
    limits: {
      openingTimeoutMs: 3_000,
      graceMs: 500,
      firstBackoffMs: 50,
      lastBackoffMs: 400,
    },
  });
  journal.desiredStates.onChange(key => {
    const state = journal.desiredStates.get(key);
    if (state) {
      say({ news: 'stored', key, generation: state.generation });
    }
  });
  input.on('line', line => answer(JSON.parse(line), obey));
  say({ news: 'leading' });
  reconciler.start(link.snapshots, stop.signal);
  await Promise.all([
    lease.keep(stop.signal).then(endWhenLost),
    link.start(stop.signal),
  ]);
  journal.close();

  function obey(order: Order): void {
    if ('emit' in order) {
      for (const number of order.emit) {
        journal.events.put(usageRecord(number, clock.now()));
      }
    } else if ('touch' in order) {
      datacenter.touch(order.touch, options.processInstance);
      reconciler.wake(order.touch);
    } else {
      clock.offsetMs = order.clockOffsetMs;
    }
  }
}

function answer(
  { id, ...order }: Order & { id: number },
  obey: (order: Order) => void,
): void {
  try {
    obey(order);
    say({ id, result: true });
  } catch (error) {
    const { name, message } = error as Error;
    say({ id, error: { name, message } });
  }
}

/** S1: another one may hold it by now, so nothing may be done any more, not even in good order. */
function endWhenLost(outcome: 'lost' | 'stopped'): void {
  if (outcome === 'lost') {
    process.stderr.write('The Lease was lost\n');
    process.exit(1);
  }
}

/** Logs to standard error, and tells the harness of sessions. */
function sessionLogger(): Logger {
  return createLogger({
    write: line => {
      process.stderr.write(`${line}\n`);
      const { message, epoch, reason } = JSON.parse(line);
      if (message.startsWith('session')) {
        say({ news: 'session', message, epoch, reason });
      }
    },
    now: () => clock.now(),
  });
}
