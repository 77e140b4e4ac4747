import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { PROMISES } from './model/observation.ts';
import { runChaos, type ChaosResult } from './runChaos.ts';

const ROOT = path.join(import.meta.dirname, '../..');

/**
 * A run of so many operations, with a test for each promise of the link. What is done, when and to whom follows from the seed, which is
 * printed; the folder of a run that fails is kept, with the logs of all processes, the journals and the database.
 */
export function chaosTests(options: {
  seed: number;
  operations: number;
  limitMs: number;
}): void {
  const { seed, operations, limitMs } = options;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'kubenova-chaos-'));
  const run: { result?: ChaosResult } = {};

  describe(`${operations} operations of the seed ${seed}`, () => {
    before(
      async () => {
        run.result = await runChaos({
          ...{ root: ROOT, folder, seed, operations },
          say: line => process.stdout.write(`${line}\n`),
        });
      },
      { timeout: limitMs },
    );
    after(() => {
      if (run.result?.violations.length === 0) {
        rmSync(folder, { recursive: true, force: true });
      } else {
        process.stdout.write(
          `KUBENOVA_CHAOS_SEED=${seed} does this again. Everything of the run is in ${folder}.\n`,
        );
      }
    });

    it('are all done', () => assert.equal(run.result?.operations, operations));

    for (const promise of PROMISES) {
      it(`leave it true that ${promise}`, () => {
        assert.deepEqual(
          run.result?.violations
            .filter(broken => broken.promise === promise)
            .map(({ detail }) => detail),
          [],
          `After operation ${run.result?.operations} of the seed ${seed}`,
        );
      });
    }
  });
}

/** The seed that was asked for. */
export function chosenSeed(): number | undefined {
  const seed = process.env.KUBENOVA_CHAOS_SEED;
  return seed === undefined ? undefined : Number(seed);
}
