import { randomInt } from 'node:crypto';
import { chosen } from './fuzz.ts';
import { managerTests } from './managerTests.ts';
import { operatorTests } from './operatorTests.ts';

const options = chosen({ runs: 2_000, seed: randomInt(2 ** 31) });
managerTests(options);
operatorTests(options);
