import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { simulateDay, type SimulatedDay } from './simulateDay.ts';

const ROOT = path.join(import.meta.dirname, '../../..');
/** What a heap is off by from one collection of garbage to the next. */
const NOISE_MB = 8;

/** A day in which 30 % of so many operators are away leaves the Manager as it was. */
export function dayTests(options: {
  operators: number;
  limitMs: number;
}): void {
  const { operators, limitMs } = options;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'kubenova-day-'));
  const run: { day?: SimulatedDay } = {};

  describe(`a day in which 30 % of ${operators} operators are away`, () => {
    before(
      async () => {
        run.day = await simulateDay({
          ...{ root: ROOT, folder, operators },
          say: line => process.stdout.write(`${line}\n`),
        });
      },
      { timeout: limitMs },
    );
    after(() => rmSync(folder, { recursive: true, force: true }));

    it("keeps the Manager's memory flat", () => {
      const { before: start, away, after: end } = run.day!;
      const highest = Math.max(...away.map(({ heapMb }) => heapMb));
      assert.ok(
        highest <= start.heapMb + NOISE_MB,
        `${start.heapMb} MB before, up to ${highest} MB while they were away`,
      );
      assert.ok(
        end.heapMb <= start.heapMb + NOISE_MB,
        `${start.heapMb} MB before, ${end.heapMb} MB after`,
      );
    });

    it('keeps its tables flat', () => {
      const { before: start, away, after: end } = run.day!;
      // How the sessions ended may have been written down, once for each.
      assert.deepEqual(away.at(-1)!.rows, away[0].rows);
      assert.equal(
        end.rows.get('desired_states'),
        start.rows.get('desired_states'),
      );
      assert.equal(end.rows.get('links'), operators);
      assert.equal(end.rows.get('parked_events'), 0);
    });

    it('ends with every hour of usage there', () => {
      const { arrived, metered } = run.day!.usage;
      assert.equal(arrived, metered);
    });
  });
}
