import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AttemptOutcome } from './outcome.ts';
import {
  timersOf,
  transition,
  type SessionInput,
  type SessionState,
} from './SessionState.ts';

const stopped: AttemptOutcome = { kind: 'stopped' };
const cut: AttemptOutcome = { kind: 'served', reason: 'cut', uptimeMs: 1 };

const states: SessionState[] = [
  { name: 'opening' },
  { name: 'open' },
  { name: 'settling', outcome: stopped },
  { name: 'leaving', outcome: stopped },
  { name: 'over', outcome: stopped },
];
const inputs: Record<string, SessionInput> = {
  opened: { type: 'opened' },
  'close, settled': { type: 'close', outcome: stopped, settled: true },
  'close, unsettled': { type: 'close', outcome: stopped, settled: false },
  settled: { type: 'settled' },
  grace: { type: 'grace' },
  end: { type: 'end', outcome: cut },
};

/** The table of SessionState.ts: where each input leads from each state; what is not listed stays. */
const ways: Record<SessionState['name'], Record<string, string>> = {
  opening: {
    opened: 'open',
    'close, settled': 'over',
    'close, unsettled': 'over',
    end: 'over',
  },
  open: {
    'close, settled': 'leaving',
    'close, unsettled': 'settling',
    end: 'over',
  },
  settling: { settled: 'leaving', grace: 'leaving', end: 'over' },
  leaving: { grace: 'over', end: 'over' },
  over: {},
};

describe('a session', () => {
  for (const state of states) {
    for (const [name, input] of Object.entries(inputs)) {
      const to = ways[state.name][name] ?? state.name;
      it(`that is ${state.name} is ${to} after: ${name}`, () => {
        const next = transition(state, input);
        assert.equal(next.name, to);
        // Nothing is entered twice, so no timer of a state begins anew.
        assert.equal(next === state, to === state.name);
      });
    }
  }

  it('that closes keeps its outcome, however the stream ends', () => {
    const closing = transition({ name: 'open' }, inputs['close, unsettled']);
    const over = transition(closing, inputs.end);
    assert.deepEqual(over, { name: 'over', outcome: stopped });
    assert.deepEqual(transition({ name: 'open' }, inputs.end), {
      name: 'over',
      outcome: cut,
    });
  });

  it('can not last for ever in any state but open, and has no timer when it is over', () => {
    assert.deepEqual(timersOf.over, []);
    for (const name of ['open', 'settling', 'leaving'] as const) {
      assert.ok(timersOf[name].includes('silence'), name);
    }
    for (const name of ['settling', 'leaving'] as const) {
      assert.ok(timersOf[name].includes('grace'), name);
    }
    assert.deepEqual(timersOf.opening, ['opening']);
  });
});
