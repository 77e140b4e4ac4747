import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createBackoff } from './backoff.ts';
import type { EnrollOutcome } from './enroll.ts';
import { LinkState } from './LinkState.ts';
import type { AttemptOutcome } from './outcome.ts';
import { Supervisor } from './Supervisor.ts';
import { ManualClock } from './testing/ManualClock.ts';
import { silentLogger } from './testing/TestOperator.ts';

/** Runs a supervisor over outcomes that a test names; each attempt ends at once. Returns when each attempt began, in milliseconds. */
async function attemptsAt(
  outcomes: AttemptOutcome[],
  enrolments: EnrollOutcome[] = [],
  joinedAnewAtMs = Infinity,
): Promise<{ startedAtMs: number[]; state: LinkState }> {
  const clock = new ManualClock();
  const state = new LinkState({ clock });
  const stop = new AbortController();
  const startedAtMs: number[] = [];
  let enrolled = enrolments.length === 0;
  const supervisor = new Supervisor({
    enroll: async () => {
      if (enrolled) {
        return undefined;
      }
      const outcome = enrolments.shift()!;
      enrolled = outcome.kind === 'enrolled';
      return outcome;
    },
    joinedAnew: async () => clock.monotonicMs() >= joinedAnewAtMs,
    attempt: async () => {
      startedAtMs.push(clock.monotonicMs());
      return outcomes.shift() ?? { kind: 'stopped' };
    },
    isHolder: () => true,
    state,
    backoff: createBackoff({
      firstCeilingMs: 1_000,
      lastCeilingMs: 30_000,
      random: () => 0.5,
    }),
    random: () => 0.5,
    clock,
    logger: silentLogger,
  });
  let over = false;
  const running = supervisor.run(stop.signal).then(() => {
    over = true;
  });
  while (!over) {
    await new Promise(setImmediate);
    clock.advance(250);
  }
  await running;
  return { startedAtMs, state };
}

const retryable: AttemptOutcome = { kind: 'retryable', reason: 'no route' };
const refused: AttemptOutcome = {
  kind: 'refused',
  reason: 'PermissionDenied',
  message: 'The cluster was removed.',
};
const served = (uptimeMs: number): AttemptOutcome => ({
  kind: 'served',
  reason: 'cut',
  uptimeMs,
});

/** The pauses between attempts. */
function pauses({ startedAtMs }: { startedAtMs: number[] }): number[] {
  return startedAtMs.slice(1).map((at, i) => at - startedAtMs[i]);
}

describe('after an attempt', () => {
  it('that failed, the pause grows up to a ceiling', async () => {
    const run = await attemptsAt(Array(8).fill(retryable));
    assert.deepEqual(
      pauses(run),
      [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000],
    );
  });

  it('that was open for long, the pause is short again', async () => {
    const run = await attemptsAt([
      retryable,
      retryable,
      retryable,
      served(30_000),
    ]);
    assert.deepEqual(pauses(run), [500, 1_000, 2_000, 500]);
  });

  it('that broke soon after it was open, the pause goes on growing', async () => {
    const run = await attemptsAt([retryable, retryable, served(29_999)]);
    assert.deepEqual(pauses(run), [500, 1_000, 2_000]);
  });

  it('that was drained, the pause is within the spread, and backoff is left as it is', async () => {
    const run = await attemptsAt([
      retryable,
      { kind: 'drained', reason: 'rollout', spreadMs: 3_000 },
      retryable,
    ]);
    assert.deepEqual(pauses(run), [500, 1_500, 1_000]);
  });

  it('that was refused, the pause is 5 minutes, and people are told why', async () => {
    const run = await attemptsAt([refused]);
    assert.deepEqual(pauses(run), [300_000]);
    assert.match(
      run.state.condition().message!,
      /The cluster was removed\. It asks again every 5 minutes/,
    );
  });
});

describe('a refused operator', () => {
  it('does not wait for its pause when the cluster was joined anew', async () => {
    const run = await attemptsAt([refused, refused], [], 65_000);
    assert.deepEqual(pauses(run), [70_000, 0]);
  });
});

describe('a key that is not known to be bound', () => {
  it('is enrolled before the first session', async () => {
    const run = await attemptsAt(
      [],
      [retryable, { kind: 'enrolled', clusterName: 'fra1' }],
    );
    assert.equal(run.startedAtMs.length, 1);
  });

  it('opens a session all the same where the token is used up', async () => {
    const run = await attemptsAt([served(60_000)], [refused, refused]);
    assert.equal(run.startedAtMs.length, 2);
  });
});
