import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RecordLedger } from './RecordLedger.ts';
import { WishLedger } from './WishLedger.ts';

const numbers = (...list: number[]) => new Set(list);

describe('a record', () => {
  it('is promised once it is durable, and only then', () => {
    const records = new RecordLedger();
    records.emitted([1], true);
    records.emitted([2], false);
    assert.deepEqual(records.promised, [1]);
    assert.ok(records.has(2));
  });

  it('that was not acknowledged is lost with its journal; one that was is not', () => {
    const records = new RecordLedger();
    records.emitted([1, 2], true);
    records.journalReplaced(numbers(2), numbers());
    assert.deepEqual(records.promised, [1]);
  });

  it('that an older journal has as well stays promised', () => {
    const records = new RecordLedger();
    records.emitted([1, 2], true);
    records.journalReplaced(numbers(1, 2), numbers(1));
    assert.deepEqual(records.promised, [1]);
  });

  it('that a restored database lost is sent again by its journal', () => {
    const records = new RecordLedger();
    records.emitted([1], true);
    records.databaseRestored(numbers());
    assert.deepEqual(records.promised, [1]);
  });

  it('that neither the journal nor the restored database has is not promised any more', () => {
    const records = new RecordLedger();
    records.emitted([1, 2], true);
    records.journalReplaced(numbers(), numbers());
    records.databaseRestored(numbers(2));
    assert.deepEqual(records.promised, [2]);
  });

  it('of a second journal is lost with that one, where it was not acknowledged', () => {
    const records = new RecordLedger();
    records.emittedElsewhere([1, 2], true);
    records.copyLost(numbers(2), numbers());
    assert.deepEqual(records.promised, [1]);
  });
});

describe('a wish', () => {
  const first = { uid: 'uid-1', yaml: 'a' };
  const second = { uid: 'uid-1', yaml: 'b' };

  it('that was answered is the last word', () => {
    const wishes = new WishLedger();
    wishes.answered(first);
    wishes.answered(second);
    assert.ok(wishes.mayBe(second));
    assert.ok(!wishes.mayBe(first));
    assert.ok(!wishes.mayBe(undefined));
  });

  it('that nobody answered may be written late, or never', () => {
    const wishes = new WishLedger();
    wishes.unanswered(first);
    wishes.answered(second);
    assert.ok(wishes.mayBe(first));
    assert.ok(wishes.mayBe(second));
  });

  it('tells a tombstone from an object', () => {
    const wishes = new WishLedger();
    wishes.answered(first);
    wishes.answered({ uid: 'uid-1' });
    assert.ok(!wishes.mayBe(first));
    assert.ok(wishes.mayBe({ uid: 'uid-1' }));
  });

  it('of any time may be the last one of a restored database', () => {
    const wishes = new WishLedger();
    wishes.answered(first);
    wishes.answered(second);
    wishes.databaseRestored();
    assert.ok(wishes.mayBe(first));
    assert.ok(wishes.mayBe(undefined));
    assert.ok(!wishes.mayBe({ uid: 'uid-1', yaml: 'c' }));
  });
});
