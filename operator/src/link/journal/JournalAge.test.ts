import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { tenantEvent } from '../testing/TestOperator.ts';
import { JournalFolder } from './testing/journalFolder.ts';

const HOUR_MS = 60 * 60 * 1_000;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 365 * DAY_MS;

/** A journal with an acknowledged record and a confirmed tombstone. */
function withHistory(t: TestContext): JournalFolder {
  const folder = new JournalFolder(t);
  const { events, desiredStates } = folder.journal;
  events.put({ ...tenantEvent('acme'), kind: 'record' });
  take(folder);
  events.acknowledge(1);
  desiredStates.store({ key: 'tenants/acme', generation: 4, uid: 'uid-1' });
  desiredStates.confirmDeleted('tenants/acme', 4);
  return folder;
}

function take(folder: JournalFolder) {
  const { events } = folder.journal;
  return events.nextBatch({
    after: events.ackedSeq,
    upTo: 1_000,
    maxEvents: 100,
    maxBytes: 1_000_000,
  });
}

/** Whether a Manager that lost its past would get the record again. */
function hasRecord(folder: JournalFolder): boolean {
  folder.journal.prune();
  folder.journal.events.resume(0);
  const { length } = take(folder);
  folder.journal.events.acknowledge(length);
  return length === 1;
}

function hasTombstone(folder: JournalFolder): boolean {
  folder.journal.prune();
  return folder.journal.desiredStates.digest().length === 1;
}

describe('what is kept for a time', () => {
  for (const [jump, ms] of [
    ['an hour forward', HOUR_MS],
    ['an hour back', -HOUR_MS],
    ['ten years forward', 10 * YEAR_MS],
    ['ten years back', -10 * YEAR_MS],
  ] as const) {
    it(`stays for all of it when the wall clock jumps ${jump}, and no longer`, t => {
      const records = withHistory(t);
      const tombstones = withHistory(t);
      records.clock.shiftWallClock(ms);
      tombstones.clock.shiftWallClock(ms);
      records.clock.advance(71 * HOUR_MS);
      tombstones.clock.advance(29 * DAY_MS);
      assert.ok(hasRecord(records));
      assert.ok(hasTombstone(tombstones));

      // The record was acknowledged anew by looking whether it is there.
      records.clock.advance(73 * HOUR_MS);
      tombstones.clock.advance(2 * DAY_MS);
      assert.equal(hasRecord(records), false);
      assert.equal(hasTombstone(tombstones), false);
    });
  }

  it('ages over restarts, whose monotonic clocks begin anew', t => {
    const folder = withHistory(t);
    for (let day = 0; day < 31; day++) {
      assert.ok(hasTombstone(folder), `gone after ${day} days`);
      folder.clock.advance(DAY_MS);
      folder.journal.prune();
      folder.reopen();
    }
    assert.equal(hasTombstone(folder), false);
  });

  it('does not age while no operator runs', t => {
    const folder = withHistory(t);
    folder.journal.prune();
    folder.clock.shiftWallClock(YEAR_MS);
    folder.reopen();
    assert.ok(hasTombstone(folder));
    assert.ok(hasRecord(folder));
  });
});
