import { DateTime } from 'luxon';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createLogger } from './logger.ts';

it('writes one JSON object a line, with the fields of its parents', () => {
  const lines: string[] = [];
  const logger = createLogger({
    write: line => lines.push(line),
    now: () => DateTime.fromISO('2026-01-05T10:00:00Z', { zone: 'utc' }),
  });
  logger.child({ epoch: 7 }).info('session opened', { seq: 3 });
  logger.error('session failed', { error: new Error('no\nroute') });

  assert.deepEqual(JSON.parse(lines[0]), {
    time: '2026-01-05T10:00:00.000Z',
    level: 'info',
    message: 'session opened',
    epoch: 7,
    seq: 3,
  });
  assert.equal(lines[1].includes('\n'), false);
  assert.equal(JSON.parse(lines[1]).error, 'no\nroute');
});
