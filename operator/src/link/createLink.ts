/** Puts the parts of the link together. */
import type { DateTime } from 'luxon';
import { readFile } from 'node:fs/promises';
import { createBackoff } from './backoff.ts';
import { Calls, ping, type CallHandler } from './Calls.ts';
import type { Clock } from './clock.ts';
import { attemptSession } from './connection.ts';
import { enroll, type EnrollOutcome } from './enroll.ts';
import type { Identity } from './handshake.ts';
import type { Journal } from './journal/Journal.ts';
import { JournalSpaceCondition } from './journal/JournalSpaceCondition.ts';
import type { LinkState } from './LinkState.ts';
import type { OperatorKey } from './OperatorKey.ts';
import type { Logger } from '../log/logger.ts';
import { SnapshotRunner } from './SnapshotRunner.ts';
import { Supervisor } from './Supervisor.ts';
import type { ManagerAddress } from './transport.ts';
import type { ConditionSource, Guard, Snapshots } from './types.ts';

export type LinkOptions = {
  journal: Journal;
  guard: Guard;
  manager: ManagerAddress;
  joinTokenFile: string;
  identity: Identity;
  key: OperatorKey;
  isHolder: () => boolean;
  state: LinkState;
  /** A number from 0 up to, not including, 1. */
  random: () => number;
  createUuid: () => string;
  /** Live questions that are answered besides `ping`, by method. */
  calls?: Record<string, CallHandler>;
  clock: Clock;
  logger: Logger;
  /** Limits that tests shorten, in milliseconds. */
  limits?: {
    openingTimeoutMs?: number;
    graceMs?: number;
    firstBackoffMs?: number;
    lastBackoffMs?: number;
  };
};

export type Link = {
  /** Where reconcilers register what they put into a snapshot. */
  snapshots: Snapshots;
  /** Whether the journal has room, for a condition `JournalSpace`. */
  space: ConditionSource;
  /** Keeps a session open until the signal fires, or the Lease is lost. */
  start(signal: AbortSignal): Promise<void>;
};

export function createLink(options: LinkOptions): Link {
  const { journal, clock, random, logger, limits = {} } = options;
  const snapshots = new SnapshotRunner({ events: journal.events, logger });
  snapshots.onRequest(async ({ wants }) =>
    repeatDeleted(journal, wants, clock.now()),
  );
  const handlers = { ping, ...options.calls };
  const calls = new Calls({ handlers, clock, logger });
  const publicKey = Buffer.from(options.key.publicKey()).toString('base64');
  const supervisor = new Supervisor({
    isEnrolled: () => journal.enrolledKey === publicKey,
    enroll: async signal => {
      const outcome = await enrollFromFile(options, signal);
      if (outcome.kind === 'enrolled') {
        journal.enrolledKey = publicKey;
      }
      return outcome;
    },
    attempt: (signal, onOpen) =>
      attemptSession(
        { ...options, ...limits, calls, snapshots, onOpen },
        signal,
      ),
    isHolder: options.isHolder,
    state: options.state,
    backoff: createBackoff({
      firstCeilingMs: limits.firstBackoffMs ?? 1_000,
      lastCeilingMs: limits.lastBackoffMs ?? 30_000,
      random,
    }),
    random,
    clock,
    logger,
  });
  return {
    snapshots,
    space: new JournalSpaceCondition({ journal }),
    start: signal => supervisor.run(signal),
  };
}

/** Nobody watches what is gone: that it is, only the journal can tell again. */
function repeatDeleted(
  { desiredStates, events }: Journal,
  wants: (eventKey: string) => boolean,
  observedAt: DateTime,
): void {
  for (const { key, uid, generation } of desiredStates.deleted()) {
    if (wants(`apply/${key}`)) {
      events.put({
        key: `apply/${key}`,
        kind: 'state',
        observedAt,
        body: {
          case: 'applyResult',
          value: { key, uid, generation, outcome: 'Deleted', message: '' },
        },
      });
    }
  }
}

async function enrollFromFile(
  options: LinkOptions,
  signal: AbortSignal,
): Promise<EnrollOutcome> {
  let joinToken = '';
  try {
    joinToken = (await readFile(options.joinTokenFile, 'utf8')).trim();
  } catch {
    // As good as an empty one, which is what people are told of.
  }
  if (!joinToken) {
    return {
      kind: 'refused',
      reason: 'NoJoinToken',
      message: `The file ${options.joinTokenFile} is missing or empty: it comes from the Secret kubenova-join. Apply the join manifest again.`,
    };
  }
  return enroll({ ...options, joinToken, signal });
}
