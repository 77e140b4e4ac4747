import { Hello } from '@kubenova/proto';

/*
 * The states of one session, and all ways between them.
 *
 * | state      | what goes on                                       | timers                   | leaves by                                   |
 * |------------|----------------------------------------------------|--------------------------|---------------------------------------------|
 * | challenged | Challenge is sent, Hello awaited                   | hello                    | hello → opening, drain → ended, end → ended |
 * | opening    | signature is verified, the link taken; where       | none: it gives up itself | opened → open, drain → ended, end → ended   |
 * |            | another process holds it, when that one is silent  |                          |                                             |
 * | open       | Welcome is sent; desired state down, events up     | heartbeat, silence, life | drain → draining, end → ended               |
 * | draining   | GOAWAY and Drain are sent, nothing new goes down;  | heartbeat, drain         | end → ended                                 |
 * |            | events in flight are acknowledged                  |                          |                                             |
 * | ended      | the stream is closed, the link given back          | destroy                  | nothing                                     |
 *
 * A timer belongs to the state that set it and does not outlive it.
 */
export type SessionState =
  | { name: 'challenged' }
  | { name: 'opening'; hello: Hello }
  | { name: 'open'; link: OpenLink }
  | { name: 'draining'; link: OpenLink; order: DrainOrder }
  | { name: 'ended'; end: SessionEnd };

/** That the operator is to dial again (S4). */
export interface DrainOrder {
  /** It waits for a random time up to this, in milliseconds. */
  spreadMs: number;
  reason: string;
}

/** What a session has taken. */
export interface OpenLink {
  clusterId: string;
  clusterName: string;
  /** What the operator calls its cluster by. */
  novaClusterId: string;
  incarnation: string;
  epoch: number;
  /** The acknowledged sequence that Welcome told. */
  ackedSeq: bigint;
  /** Whether the operator is asked to tell the present state of everything (E7). */
  snapshotDue: boolean;
  /** Optional parts of the protocol that the operator announced. */
  capabilities: readonly string[];
  /** The key that signed the Hello, raw Ed25519. */
  publicKey: Uint8Array;
}

/** Why a session ended. Operators and logs get the message; gateway/errors.ts has the code of each reason. */
export interface SessionEnd {
  reason: SessionEndReason;
  message: string;
}

export type SessionEndReason =
  /** In order: the operator said so, closed the stream, or followed a Drain. */
  | 'bye'
  | 'disconnected'
  | 'drained'
  /** Refused before the link was taken. */
  | 'no_hello'
  | 'unsupported_version'
  | 'unknown_operator'
  | 'revoked'
  | 'bad_signature'
  | 'held_elsewhere'
  | 'rate_limited'
  | 'overloaded'
  /** Broken off. */
  | 'protocol_error'
  | 'silent'
  | 'fenced'
  | 'lease_lost'
  | 'unavailable';

/** Whether the end of an open session is a fault, rather than what one of its ends wanted. */
export function isFault({ reason }: SessionEnd): boolean {
  return reason !== 'bye' && reason !== 'drained';
}

export type SessionInput =
  | { type: 'hello'; hello: Hello }
  | { type: 'opened'; link: OpenLink }
  | { type: 'drain'; order: DrainOrder }
  | { type: 'end'; end: SessionEnd };

/** The next state. Input that a state does not expect is a protocol error, but for an ended session, which nothing changes. */
export function transition(
  state: SessionState,
  input: SessionInput,
): SessionState {
  if (state.name === 'ended') {
    return state;
  }
  if (input.type === 'end') {
    return { name: 'ended', end: input.end };
  }
  switch (state.name) {
    case 'challenged':
      if (input.type === 'hello') {
        return { name: 'opening', hello: input.hello };
      }
      break;
    case 'opening':
      if (input.type === 'opened') {
        return { name: 'open', link: input.link };
      }
      break;
    case 'open':
      if (input.type === 'drain') {
        return { name: 'draining', link: state.link, order: input.order };
      }
      break;
    case 'draining':
      if (input.type === 'drain') {
        return state;
      }
      break;
    default:
      return unreachable(state);
  }
  if (input.type === 'drain') {
    return {
      name: 'ended',
      end: { reason: 'drained', message: input.order.reason },
    };
  }
  return {
    name: 'ended',
    end: {
      reason: 'protocol_error',
      message: `'${input.type}' is not expected in a session that is ${state.name}`,
    },
  };
}

function unreachable(state: never): never {
  throw new Error(`Unknown state ${JSON.stringify(state)}`);
}
