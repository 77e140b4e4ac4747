/**
 * How the fuzz is run. fast-check makes the input, from a seed, and names the input that fails. A failure is not shrunk unless that is
 * asked for (KUBENOVA_FUZZ_SHRINK): each step may have to wait for something that does not come.
 */
import fc, { type Arbitrary } from 'fast-check';

export type FuzzOptions = { runs: number; seed: number };

/** Input that is sent before anything is measured, of a seed of its own. */
export const WARM_UP = { numRuns: 25, seed: 7 };

/** What was asked for by environment variables, or else these. */
export function chosen(options: FuzzOptions): FuzzOptions {
  const { KUBENOVA_FUZZ_RUNS: runs, KUBENOVA_FUZZ_SEED: seed } = process.env;
  return {
    runs: runs ? Number(runs) : options.runs,
    seed: seed ? Number(seed) : options.seed,
  };
}

/** Tries input of that kind, one after another. @throws Error with the input that fails. */
export async function fuzz<T>(
  { runs, seed }: FuzzOptions,
  input: Arbitrary<T>,
  attempt: (value: T) => Promise<void>,
): Promise<void> {
  process.stdout.write(
    `${runs} runs of the seed ${seed}: KUBENOVA_FUZZ_SEED=${seed} KUBENOVA_FUZZ_RUNS=${runs} does this again.\n`,
  );
  await fc.assert(fc.asyncProperty(input, attempt), {
    seed,
    numRuns: runs,
    endOnFailure: process.env.KUBENOVA_FUZZ_SHRINK === undefined,
  });
}
