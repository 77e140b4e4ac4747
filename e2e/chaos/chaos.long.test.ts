import { randomInt } from 'node:crypto';
import { chaosTests, chosenSeed } from './chaosTests.ts';

chaosTests({
  seed: chosenSeed() ?? randomInt(2 ** 31),
  operations: 1_000,
  limitMs: 3 * 3_600_000,
});
