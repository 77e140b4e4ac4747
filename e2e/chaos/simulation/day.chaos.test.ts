import { dayTests } from './dayTests.ts';

dayTests({ operators: 100, limitMs: 600_000 });
