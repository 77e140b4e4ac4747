/**
 * The states of one session, and all ways between them.
 *
 * | state    | what goes on                                                   | timers                     | leaves by                                             |
 * |----------|----------------------------------------------------------------|----------------------------|-------------------------------------------------------|
 * | opening  | Challenge is awaited, Hello sent, Welcome awaited and obeyed   | opening                    | opened → open, close → over, end → over               |
 * | open     | events, heartbeats and digests go up; desired states, calls    | heartbeat, digest, silence | close → settling, or leaving where all is             |
 * |          | and snapshot requests come down                                |                            | acknowledged; end → over                              |
 * | settling | no new events; what is in flight may still be acknowledged,    | heartbeat, silence, grace  | settled → leaving, grace → leaving, end → over        |
 * |          | and desired states are still stored                            |                            |                                                       |
 * | leaving  | Bye is sent and our half is closed; the Manager closes its own | silence, grace             | grace → over, end → over                              |
 * | over     | the stream is gone                                             | none                       | nothing                                               |
 *
 * A timer belongs to the state that set it and does not outlive it. `close` is a Drain, or the operator that stops; `end` is what the
 * network, the Manager or a fault does to the stream. Once a session closes, its outcome is decided: an end on the way changes nothing.
 */
import type { AttemptOutcome } from './outcome.ts';

export type SessionState =
  | { name: 'opening' }
  | { name: 'open' }
  | { name: 'settling'; outcome: AttemptOutcome }
  | { name: 'leaving'; outcome: AttemptOutcome }
  | { name: 'over'; outcome: AttemptOutcome };

export type SessionInput =
  /** Welcome is obeyed. */
  | { type: 'opened' }
  /** The session is to end in good order; `settled`: everything that was sent is acknowledged. */
  | { type: 'close'; outcome: AttemptOutcome; settled: boolean }
  /** Everything that was sent is acknowledged. */
  | { type: 'settled' }
  /** What the state waited for took too long. */
  | { type: 'grace' }
  /** The stream is over, whoever ended it. */
  | { type: 'end'; outcome: AttemptOutcome };

export type SessionTimer =
  | 'opening'
  | 'heartbeat'
  | 'digest'
  | 'silence'
  | 'grace';

/** The timers that run in a state. */
export const timersOf: Record<SessionState['name'], readonly SessionTimer[]> = {
  opening: ['opening'],
  open: ['heartbeat', 'digest', 'silence'],
  settling: ['heartbeat', 'silence', 'grace'],
  leaving: ['silence', 'grace'],
  over: [],
};

/** The next state; the same object where the input changes nothing. */
export function transition(
  state: SessionState,
  input: SessionInput,
): SessionState {
  switch (state.name) {
    case 'opening':
      return whileOpening(state, input);
    case 'open':
      return whileOpen(state, input);
    case 'settling':
      return whileSettling(state, input);
    case 'leaving':
      return input.type === 'grace' || input.type === 'end'
        ? { name: 'over', outcome: state.outcome }
        : state;
    case 'over':
      return state;
    default:
      throw new Error(`unknown state ${state satisfies never}`);
  }
}

function whileOpening(state: SessionState, input: SessionInput): SessionState {
  switch (input.type) {
    case 'opened':
      return { name: 'open' };
    case 'close':
    case 'end':
      return { name: 'over', outcome: input.outcome };
    default:
      return state;
  }
}

function whileOpen(state: SessionState, input: SessionInput): SessionState {
  switch (input.type) {
    case 'close':
      return {
        name: input.settled ? 'leaving' : 'settling',
        outcome: input.outcome,
      };
    case 'end':
      return { name: 'over', outcome: input.outcome };
    default:
      return state;
  }
}

function whileSettling(
  state: SessionState & { name: 'settling' },
  input: SessionInput,
): SessionState {
  switch (input.type) {
    case 'settled':
    case 'grace':
      return { name: 'leaving', outcome: state.outcome };
    case 'end':
      return { name: 'over', outcome: state.outcome };
    default:
      return state;
  }
}
