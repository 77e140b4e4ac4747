import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSchedule } from './createSchedule.ts';

const kinds = [
  { kind: 'often', weight: 50 },
  { kind: 'seldom', weight: 1 },
];

describe('a schedule', () => {
  it('follows from its seed', () => {
    const options = { seed: 7, count: 100, kinds };
    assert.deepEqual(createSchedule(options), createSchedule(options));
    assert.notDeepEqual(
      createSchedule(options),
      createSchedule({ ...options, seed: 8 }),
    );
  });

  it('has every kind, and more of what has more weight', () => {
    for (let seed = 0; seed < 50; seed++) {
      const steps = createSchedule({ seed, count: 20, kinds });
      const seldom = steps.filter(({ kind }) => kind === 'seldom').length;
      assert.equal(steps.length, 20);
      assert.ok(seldom >= 1 && seldom < 10, `${seldom} of seed ${seed}`);
    }
  });

  it('numbers its steps from 1', () => {
    const steps = createSchedule({ seed: 1, count: 3, kinds });
    assert.deepEqual(
      steps.map(({ number }) => number),
      [1, 2, 3],
    );
  });
});
