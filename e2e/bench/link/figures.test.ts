import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { figure, summary, table } from './figures.ts';

describe('figures of a benchmark', () => {
  const slow = figure({
    name: 'slow',
    unit: 's',
    samples: [3, 1, 2],
    aim: { atMost: 1 },
  });
  const fast = figure({
    name: 'fast',
    unit: '',
    samples: [0.9],
    aim: { atLeast: 0.7 },
  });
  const shown = figure({ name: 'shown', unit: 'MB', samples: [5] });

  it('are medians with their noise, held to a limit from above or below', () => {
    assert.equal(slow.value, 2);
    assert.deepEqual(slow.noise, { lowest: 1, highest: 3 });
    assert.equal(slow.ratio, 2);
    assert.equal(slow.isMet, false);
    assert.equal(fast.isMet, true);
    assert.equal(shown.isMet, undefined);
  });

  it('are summed up by the aims that are met', () => {
    assert.equal(summary([slow, fast, shown]), '1 of 2 aims met');
  });

  it('make a table with a row each', () => {
    const rows = table([slow, shown]).split('\n');
    assert.equal(rows.length, 4);
    assert.equal(rows[2], '| slow | 2 s | 1–3 | ≤ 1 s | 2 | **no** |  |');
  });
});
