import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { together } from './together.ts';

describe('together', () => {
  const { signal } = new AbortController();

  it('fails with the first failure, after the others were told and have ended', async () => {
    let ended = false;
    await assert.rejects(
      together(signal, [
        async () => {
          throw new Error('no space left');
        },
        async told => {
          await sleep(60_000, undefined, { signal: told }).catch(() => {});
          ended = true;
          told.throwIfAborted();
        },
      ]),
      /no space left/,
    );
    assert.equal(ended, true);
  });

  it('ends with the caller’s signal', async () => {
    const caller = new AbortController();
    const work = together(caller.signal, [
      told => sleep(60_000, undefined, { signal: told }),
    ]);
    caller.abort();
    await assert.rejects(work, { name: 'AbortError' });
  });
});
