/**
 * One attempt at a session: dial, open, serve, and say how it ended.
 *
 * 1. An attempt resolves to an outcome, whatever the network and the Manager do.
 * 2. Nothing of an attempt is left when it resolves: the connection is closed, and every timer is cancelled.
 * 3. The Manager's acknowledged sequence is taken before anything is sent (E6).
 * 4. Only a session whose epoch is above all earlier ones is obeyed (D8).
 */
import type { ConnectResponse, Welcome } from '@kubenova/proto';
import { FrameQueue } from './FrameQueue.ts';
import { openSession } from './handshake.ts';
import type { OperatorKey } from './OperatorKey.ts';
import { SessionEnd, type AttemptOutcome } from './outcome.ts';
import { readNumber } from './readNumber.ts';
import { Session, type SessionLimits } from './Session.ts';
import { SessionTraffic, type TrafficDependencies } from './SessionTraffic.ts';
import { dial, type ManagerAddress } from './transport.ts';

/** The Manager's window bounds what is accepted, its credit what is sent: this is only reached when the network takes nothing. */
const QUEUE_CAPACITY = 1_024;

export type ConnectionOptions = TrafficDependencies &
  SessionLimits & {
    manager: ManagerAddress;
    /** Signs Hello. */
    key: OperatorKey;
    createUuid: () => string;
    /** Hears when the session is open. */
    onOpen: (session: { epoch: number }) => void;
  };

/** Resolves when the attempt is over. When the signal fires, an open session says Bye first. */
export async function attemptSession(
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  if (signal.aborted) {
    return { kind: 'stopped' };
  }
  const connection = dial(options.manager);
  const queue = new FrameQueue({ capacity: QUEUE_CAPACITY });
  const stream = new AbortController();
  const session = new Session({
    ...options,
    queue,
    stream,
    open: responses => open(responses, queue, options),
    createTraffic: welcome =>
      new SessionTraffic({ deps: options, queue, welcome }),
  });
  const stop = () => session.close({ kind: 'stopped' });
  signal.addEventListener('abort', stop);
  try {
    const responses = connection.client.connect(queue, {
      signal: stream.signal,
    });
    return await session.run(responses[Symbol.asyncIterator]());
  } finally {
    signal.removeEventListener('abort', stop);
    connection.close();
  }
}

async function open(
  responses: AsyncIterator<ConnectResponse>,
  queue: FrameQueue,
  options: ConnectionOptions,
): Promise<Welcome> {
  const { head } = options.journal;
  const welcome = await openSession({ ...options, responses, queue, head });
  obey(welcome, options);
  return welcome;
}

/** Takes Welcome's word, or ends the attempt. @throws SessionEnd, ConnectError */
function obey(welcome: Welcome, options: ConnectionOptions): void {
  const { journal, logger, snapshots, createUuid, onOpen } = options;
  const epoch = readNumber(welcome.epoch, 'epoch');
  if (epoch <= journal.highestEpoch) {
    throw new SessionEnd({
      kind: 'retryable',
      reason:
        `The Manager opened epoch ${epoch}, but epoch ${journal.highestEpoch} was obeyed already: ` +
        'this is not its newest session, or it was restored from a backup.',
    });
  }
  journal.highestEpoch = epoch;
  const resumed = journal.events.resume(
    readNumber(welcome.ackedSeq, 'acknowledged sequence'),
  );
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
    void snapshots.run({ id: createUuid() });
  }
  onOpen({ epoch });
}
