/** Puts the parts of the link together. */
import type { DateTime } from 'luxon';
import { createBackoff } from './backoff.ts';
import { Calls, ping, type CallHandler } from './Calls.ts';
import type { Clock } from './clock.ts';
import { attemptSession } from './connection.ts';
import { Enrolment } from './Enrolment.ts';
import type { Identity } from './handshake.ts';
import type { Journal } from './journal/Journal.ts';
import { JournalSpaceCondition } from './journal/JournalSpaceCondition.ts';
import type { LinkState } from './LinkState.ts';
import type { OperatorKey } from './OperatorKey.ts';
import type { OperatorKeys } from './OperatorKeys.ts';
import type { AttemptOutcome } from './outcome.ts';
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
  keys: OperatorKeys;
  isHolder: () => boolean;
  state: LinkState;
  /** A number from 0 up to, not including, 1. */
  random: () => number;
  createUuid: () => string;
  /** Live questions that are answered besides `ping`, by method. */
  calls?: Record<string, CallHandler>;
  /** Hears how each attempt at a session ended. */
  onOutcome?: (outcome: AttemptOutcome) => void;
  clock: Clock;
  logger: Logger;
  /** Limits that tests shorten, in milliseconds. */
  limits?: {
    openingTimeoutMs?: number;
    graceMs?: number;
    firstBackoffMs?: number;
    lastBackoffMs?: number;
    refusedPauseMs?: number;
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
  const enrolment = new Enrolment(options);
  const attempt = async (
    key: OperatorKey,
    signal: AbortSignal,
    onOpen: () => void,
  ): Promise<AttemptOutcome> => {
    if (!options.isHolder()) {
      return { kind: 'stopped' };
    }
    return attemptSession(
      {
        ...options,
        ...limits,
        calls,
        snapshots,
        key,
        onOpen: () => {
          onOpen();
          enrolment
            .opened(key)
            // Both keys stay stored, and the same is done when the next session is open.
            .catch(error => logger.warn('key not replaced', { error }));
        },
      },
      signal,
    );
  };
  const supervisor = new Supervisor({
    enroll: signal => enrolment.run(signal),
    joinedAnew: () => enrolment.joinedAnew(),
    attempt: async (signal, onOpen) => {
      const outcome = await withEachKey(options.keys, key =>
        attempt(key, signal, onOpen),
      );
      enrolment.ended(outcome);
      options.onOutcome?.(outcome);
      return outcome;
    },
    isHolder: options.isHolder,
    state: options.state,
    backoff: createBackoff({
      firstCeilingMs: limits.firstBackoffMs ?? 1_000,
      lastCeilingMs: limits.lastBackoffMs ?? 30_000,
      random,
    }),
    refusedPauseMs: limits.refusedPauseMs,
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

/** A key that the Manager does not know is followed by the other one at once: what announced it may have been lost (S7). */
async function withEachKey(
  keys: OperatorKeys,
  attempt: (key: OperatorKey) => Promise<AttemptOutcome>,
): Promise<AttemptOutcome> {
  const [first, ...others] = keys.candidates();
  let outcome = await attempt(first);
  for (const key of others) {
    if (outcome.kind !== 'refused' || outcome.reason !== 'Unauthenticated') {
      break;
    }
    outcome = await attempt(key);
  }
  return outcome;
}
