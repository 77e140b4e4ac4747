import { dayTests } from './dayTests.ts';

dayTests({ operators: 1_000, limitMs: 3_600_000 });
