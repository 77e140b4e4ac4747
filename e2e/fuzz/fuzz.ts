/**
 * How the fuzz is run. fast-check makes the input: from a seed, which is printed with the smallest input that fails, and can be given
 * again.
 */
import fc, { type Arbitrary } from 'fast-check';

/** Enough to meet every kind of part in every state, and no more than a minute for both ends together. */
const RUNS = Number(process.env.KUBENOVA_FUZZ_RUNS ?? 60);
/** The same for everybody, so that what a change broke is not mistaken for what new input found. */
const SEED = Number(process.env.KUBENOVA_FUZZ_SEED ?? 1);

/** Input that is sent before anything is measured, of a seed of its own. */
export const WARM_UP = { numRuns: 25, seed: 7 };

/** Tries input of that kind, one after another. @throws Error with the seed and the smallest input that fails. */
export async function fuzz<T>(
  input: Arbitrary<T>,
  attempt: (value: T) => Promise<void>,
): Promise<void> {
  process.stdout.write(
    `${RUNS} runs of the seed ${SEED}: KUBENOVA_FUZZ_SEED=${SEED} does this again.\n`,
  );
  await fc.assert(fc.asyncProperty(input, attempt), {
    seed: SEED,
    numRuns: RUNS,
    // A failure is found again in each step of shrinking, and each may have to wait for something that does not come.
    interruptAfterTimeLimit: undefined,
    endOnFailure: process.env.KUBENOVA_FUZZ_SHRINK === undefined,
  });
}
