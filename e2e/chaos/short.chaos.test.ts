import { chaosTests, chosenSeed } from './chaosTests.ts';

/** The same for everybody, so that what a change broke is not mistaken for what a new schedule found; `long` takes a new one each time. */
const SEED = 1;

chaosTests({ seed: chosenSeed() ?? SEED, operations: 50, limitMs: 1_800_000 });
