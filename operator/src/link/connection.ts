/**
 * One attempt at a session: dial, open, serve, and say how it ended.
 *
 * 1. An attempt resolves to an outcome, whatever the network and the Manager do.
 * 2. Nothing of an attempt is left when it resolves: the connection is closed, and every timer is cancelled.
 * 3. The Manager's acknowledged sequence is taken before anything is sent (E6).
 */
import type { Welcome } from '@kubenova/proto';
import { FrameQueue } from './FrameQueue.ts';
import { openSession, type Identity } from './handshake.ts';
import type { OperatorKey } from './OperatorKey.ts';
import { outcomeOfError, SessionEnd, type AttemptOutcome } from './outcome.ts';
import { Session, type SessionDependencies } from './Session.ts';
import { dial, type ManagerAddress } from './transport.ts';

const OPENING_TIMEOUT_MS = 15_000;
/** The Manager's window bounds what is accepted, its credit what is sent: this is only reached when the network takes nothing. */
const QUEUE_CAPACITY = 1_024;

export type ConnectionOptions = SessionDependencies & {
  manager: ManagerAddress;
  identity: Identity;
  key: OperatorKey;
  createUuid: () => string;
  /** Hears when the session is open. */
  onOpen: (session: { epoch: number }) => void;
  openingTimeoutMs?: number;
};

/** Resolves when the attempt is over. When the signal fires, an open session says Bye first. */
export async function attemptSession(
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  const { clock, journal, openingTimeoutMs = OPENING_TIMEOUT_MS } = options;
  const stream = new AbortController();
  const abort = (outcome: AttemptOutcome) =>
    stream.abort(new SessionEnd(outcome));
  const connection = dial(options.manager);
  const queue = new FrameQueue({ capacity: QUEUE_CAPACITY });
  let session: Session | undefined;
  const stop = () =>
    session ? session.close({ kind: 'stopped' }) : abort({ kind: 'stopped' });
  signal.addEventListener('abort', stop);
  const cancelOpening = clock.after(openingTimeoutMs, () =>
    abort({
      kind: 'retryable',
      reason: `The session was not open after ${openingTimeoutMs} ms.`,
    }),
  );
  try {
    if (signal.aborted) {
      return { kind: 'stopped' };
    }
    const responses = connection.client
      .connect(queue, { signal: stream.signal })
      [Symbol.asyncIterator]();
    const { head } = journal;
    const welcome = await openSession({ ...options, responses, queue, head });
    cancelOpening();
    obey(welcome, options);
    session = new Session({ deps: options, queue, welcome, abort });
    if (signal.aborted) {
      stop();
    }
    return await session.run(responses);
  } catch (error) {
    const cause = stream.signal.aborted ? stream.signal.reason : error;
    return session ? session.outcomeOf(cause) : outcomeOfError(cause);
  } finally {
    cancelOpening();
    signal.removeEventListener('abort', stop);
    queue.abandon();
    connection.close();
  }
}

/** Takes Welcome's word, or ends the attempt. @throws SessionEnd */
function obey(welcome: Welcome, options: ConnectionOptions): void {
  const { journal, logger, snapshots, createUuid, onOpen } = options;
  const epoch = Number(welcome.epoch);
  if (epoch <= journal.highestEpoch) {
    throw new SessionEnd({
      kind: 'retryable',
      reason:
        `The Manager opened epoch ${epoch}, but epoch ${journal.highestEpoch} was obeyed already: ` +
        'this is not its newest session, or it was restored from a backup.',
    });
  }
  journal.highestEpoch = epoch;
  const resumed = journal.events.resume(Number(welcome.ackedSeq));
  const { incarnation, ackedSeq: seq } = journal.events;
  logger.info('session opened', { epoch, seq, incarnation, outcome: resumed });
  if (resumed === 'reincarnated') {
    throw new SessionEnd({
      kind: 'retryable',
      reason:
        'The Manager has events that this journal never sent: the journal was rolled back, and begins a new incarnation.',
    });
  }
  if (resumed === 'rewound') {
    void snapshots.run(createUuid());
  }
  onOpen({ epoch });
}
