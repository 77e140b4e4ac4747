import { Code, ConnectError } from '@connectrpc/connect';
import { SessionEnd, SessionEndReason } from '../session/SessionState';
import { EnrollOutcome } from '../types';

type EnrollRefusal = Extract<EnrollOutcome, { outcome: 'refused' }>;

/**
 * The code that each end of a session has on the wire; `undefined` is an end in order. Operators dial again after every one of them:
 * at once, with backoff, or, where the code says that they are refused, every five minutes.
 */
const SESSION_CODES: Record<SessionEndReason, Code | undefined> = {
  bye: undefined,
  disconnected: undefined,
  drained: undefined,
  no_hello: Code.DeadlineExceeded,
  unsupported_version: Code.FailedPrecondition,
  unknown_operator: Code.PermissionDenied, // who it is can't be told from the stream: it names itself
  revoked: Code.PermissionDenied,
  bad_signature: Code.Unauthenticated,
  held_elsewhere: Code.AlreadyExists,
  rate_limited: Code.ResourceExhausted,
  overloaded: Code.ResourceExhausted,
  protocol_error: Code.InvalidArgument,
  silent: Code.DeadlineExceeded,
  fenced: Code.Aborted,
  lease_lost: Code.Unavailable,
  unavailable: Code.Unavailable,
};

const ENROLL_CODES: Record<EnrollRefusal['reason'], Code> = {
  unknown_cluster: Code.NotFound,
  unknown_token: Code.PermissionDenied,
  expired_token: Code.PermissionDenied,
  used_token: Code.PermissionDenied,
  revoked_key: Code.PermissionDenied,
};

export function sessionError(end: SessionEnd): ConnectError | undefined {
  const code = SESSION_CODES[end.reason];
  return code === undefined ? undefined : new ConnectError(end.message, code);
}

export function enrollError(refusal: EnrollRefusal): ConnectError {
  return new ConnectError(refusal.message, ENROLL_CODES[refusal.reason]);
}

/** This replica takes nothing new: it stops, or does not reach its database. */
export function notReadyError(): ConnectError {
  return new ConnectError(
    'This replica of the Manager takes no sessions at present',
    Code.Unavailable,
  );
}

export function overloadedError(): ConnectError {
  return new ConnectError(
    'This replica of the Manager has as many sessions as it takes',
    Code.ResourceExhausted,
  );
}

/** Whoever asks comes too often; the sentence says when to try again. */
export function rateError(message: string): ConnectError {
  return new ConnectError(message, Code.ResourceExhausted);
}

/** What is wrong with a message itself: its envelope or content, its size, its compression. */
const UNREADABLE = [
  Code.InvalidArgument,
  Code.ResourceExhausted,
  Code.Internal,
];

/** Whether an error of reading a stream says that the peer sent what can't be read, rather than that it went away. */
export function isUnreadable(error: unknown): boolean {
  return UNREADABLE.includes(ConnectError.from(error).code);
}
