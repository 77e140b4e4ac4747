import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { JournalFolder } from './testing/journalFolder.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

const acme = (generation: number, yaml?: string) => ({
  key: 'tenants/acme',
  generation,
  uid: 'uid-1',
  ...(yaml !== undefined && { yaml }),
});

describe('desired states', () => {
  it('of a newer generation take the place of older ones', t => {
    const { desiredStates } = new JournalFolder(t).journal;
    assert.deepEqual(desiredStates.store(acme(3, 'a')), { stored: true });
    assert.deepEqual(desiredStates.store(acme(4, 'b')), { stored: true });
    assert.deepEqual(desiredStates.list(), [acme(4, 'b')]);
  });

  it('of an older or the same generation are dropped', t => {
    const { desiredStates } = new JournalFolder(t).journal;
    desiredStates.store(acme(3, 'a'));
    assert.equal(desiredStates.store(acme(3, 'b')).stored, false);
    assert.equal(desiredStates.store(acme(2)).stored, false);
    assert.deepEqual(desiredStates.get('tenants/acme'), acme(3, 'a'));
  });

  it('are told to listeners only when they are stored', t => {
    const { desiredStates } = new JournalFolder(t).journal;
    const heard: string[] = [];
    const stop = desiredStates.onChange(key =>
      heard.push(`${key}@${desiredStates.get(key)?.generation}`),
    );
    desiredStates.store(acme(3, 'a'));
    desiredStates.store(acme(3, 'a'));
    stop();
    desiredStates.store(acme(4, 'a'));
    assert.deepEqual(heard, ['tenants/acme@3']);
  });

  it('that are tombstones stay on the list until they are confirmed', t => {
    const folder = new JournalFolder(t);
    folder.journal.desiredStates.store(acme(3, 'a'));
    folder.journal.desiredStates.store(acme(4));
    assert.deepEqual(folder.reopen().desiredStates.list(), [acme(4)]);

    folder.journal.desiredStates.confirmDeleted('tenants/acme', 4);
    assert.deepEqual(folder.journal.desiredStates.list(), []);
    assert.equal(folder.journal.desiredStates.get('tenants/acme'), undefined);
  });

  it('are not taken away by the confirmation of an older tombstone', t => {
    const { desiredStates } = new JournalFolder(t).journal;
    desiredStates.store(acme(4));
    desiredStates.store(acme(5, 'again'));
    desiredStates.confirmDeleted('tenants/acme', 4);
    desiredStates.confirmDeleted('tenants/acme', 5);
    assert.deepEqual(desiredStates.list(), [acme(5, 'again')]);
  });

  it('that were deleted are remembered for 30 days, and refuse older generations that long', t => {
    const { journal, clock } = new JournalFolder(t);
    journal.desiredStates.store(acme(4));
    journal.desiredStates.confirmDeleted('tenants/acme', 4);
    clock.advance(29 * DAY_MS);
    journal.prune();
    assert.equal(journal.desiredStates.store(acme(3, 'old')).stored, false);

    clock.advance(2 * DAY_MS);
    journal.prune();
    assert.deepEqual(journal.desiredStates.digest(), []);
  });

  it('are kept for ever while their tombstone is not confirmed', t => {
    const { journal, clock } = new JournalFolder(t);
    journal.desiredStates.store(acme(4));
    clock.advance(365 * DAY_MS);
    journal.prune();
    assert.equal(journal.desiredStates.list().length, 1);
  });

  it('are listed in the digest with the hash of their bytes', t => {
    const { desiredStates } = new JournalFolder(t).journal;
    desiredStates.store(acme(3, 'name: Zoë'));
    const [line] = desiredStates.digest();
    assert.deepEqual(
      Buffer.from(line.sha256),
      createHash('sha256').update(Buffer.from('name: Zoë')).digest(),
    );
    assert.equal(line.deleted, false);
  });
});
