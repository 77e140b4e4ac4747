/**
 * How an attempt at a session ended. Attempts resolve to one of these; they never reject for what the network or the Manager does.
 */
import { Code, ConnectError } from '@connectrpc/connect';

export type AttemptOutcome =
  /** The session was open, and ended in a way that nobody asked for. Backoff begins anew if it was open for long. */
  | { kind: 'served'; reason: string; uptimeMs: number }
  /** The Manager, or a new incarnation, asked to dial again: no backoff (S4). */
  | { kind: 'drained'; reason: string; spreadMs: number }
  /** No session came about; another attempt may succeed. */
  | { kind: 'retryable'; reason: string }
  /** The Manager won't have this operator, or it is the wrong Manager: people have to do something. */
  | { kind: 'refused'; reason: string; message: string }
  /** The operator is stopping. */
  | { kind: 'stopped' };

/** Ends a session from within; carries the outcome through the stream's error path. */
export class SessionEnd extends Error {
  readonly outcome: AttemptOutcome;

  constructor(outcome: AttemptOutcome) {
    super(outcome.kind);
    this.name = 'SessionEnd';
    this.outcome = outcome;
  }
}

/** What an error of a stream or a call means for the next attempt. */
export function outcomeOfError(error: unknown): AttemptOutcome {
  if (error instanceof SessionEnd) {
    return error.outcome;
  }
  const { code, rawMessage } = ConnectError.from(error);
  switch (code) {
    case Code.Unauthenticated: // the signature or the key is not the enrolled one
    case Code.PermissionDenied: // the token is used, expired or made up; the cluster was revoked
    case Code.NotFound: // no such cluster
    case Code.FailedPrecondition: // the Manager doesn't speak this protocol version
      return { kind: 'refused', reason: Code[code], message: rawMessage };
    default:
      // A Manager that was killed looks like Canceled, a broken TLS handshake like Unavailable or Internal.
      return { kind: 'retryable', reason: `${Code[code]}: ${rawMessage}` };
  }
}
