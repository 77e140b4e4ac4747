import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countPlaywrightReport } from './e2e/playwright.ts';
import { countJestReport } from './jestTests.ts';
import { sum } from './types.ts';

describe('counting tests', () => {
  it('takes what Jest skipped or could not load as failed', () => {
    const counts = countJestReport({
      numPassedTests: 7,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 3,
      numRuntimeErrorTestSuites: 4,
    });
    assert.deepEqual(counts, { passed: 7, failed: 10 });
  });

  it('takes what Playwright skipped, repeated or could not load as failed', () => {
    const counts = countPlaywrightReport({
      stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 1 },
      errors: [{}],
    });
    assert.deepEqual(counts, { passed: 5, failed: 4 });
  });

  it('adds up', () => {
    const total = sum([
      { passed: 1, failed: 2 },
      { passed: 3, failed: 4 },
    ]);
    assert.deepEqual(total, { passed: 4, failed: 6 });
  });
});
