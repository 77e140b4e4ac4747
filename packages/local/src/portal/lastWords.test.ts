import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lastWords } from './lastWords.ts';

const request = '{"level":"info","message":"GET /readiness 503"}';

describe('the last words of a backend', () => {
  it('are its problems, without what went well', () => {
    const log = [
      '{"level":"info","message":"Starting"}',
      '{"level":"error","message":"kubenova.encryptionKey is missing"}',
      request,
      'The backend did not start.',
    ].join('\n');
    assert.equal(
      lastWords(log),
      'kubenova.encryptionKey is missing\nThe backend did not start.',
    );
  });

  it('are everything where nothing was a problem', () => {
    assert.equal(lastWords(`${request}\n`), 'GET /readiness 503');
  });
});
