import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DateTime } from 'luxon';
import { createLogger } from './logger.ts';
import { RecentProblems } from './RecentProblems.ts';

function logging() {
  const problems = new RecentProblems();
  const logger = createLogger({
    write: () => {},
    now: () => DateTime.fromISO('2026-11-24T06:00:00Z', { zone: 'utc' }),
    see: problems.see,
  });
  return { logger, problems };
}

describe('recent problems', () => {
  it('are the warnings and errors of a logger and its children, newest first', () => {
    const { logger, problems } = logging();
    logger.warn('first', { error: new Error('what was thrown') });
    logger.info('all is well');
    logger.child({ tenant: 'acme' }).error('second', { namespace: 'secret' });
    assert.deepEqual(problems.list(), [
      { at: '2026-11-24T06:00:00.000Z', level: 'error', message: 'second' },
      {
        at: '2026-11-24T06:00:00.000Z',
        level: 'warn',
        message: 'first',
        error: 'what was thrown',
      },
    ]);
  });

  it('are the last 20, whatever happens', () => {
    const { logger, problems } = logging();
    for (let i = 1; i <= 25; i++) {
      logger.warn(`problem ${i}`);
    }
    const kept = problems.list();
    assert.equal(kept.length, 20);
    assert.equal(kept[0].message, 'problem 25');
    assert.equal(kept[19].message, 'problem 6');
  });

  it('are one line each, and short', () => {
    const { logger, problems } = logging();
    logger.error('failed', { error: new Error(`${'x'.repeat(600)}\nbody`) });
    assert.equal(problems.list()[0].error, `${'x'.repeat(500)}…`);
  });
});
