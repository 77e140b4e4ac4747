import { fromBinary } from '@bufbuild/protobuf';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { EventSchema } from '@kubenova/proto';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tenantEvent } from '../testing/TestOperator.ts';
import type { Journal } from './Journal.ts';
import { JournalSpaceCondition } from './JournalSpaceCondition.ts';
import { JournalFolder } from './testing/journalFolder.ts';

const MINUTE_MS = 60_000;
const SMALL_BUDGET = 40_000;

/** A tenant that goes back and forth: each time a lifecycle record. */
function flap(folder: JournalFolder, tenant: string, times: number): void {
  for (let time = 0; time < times; time++) {
    folder.clock.advance(MINUTE_MS);
    folder.journal.events.put({
      ...tenantEvent(tenant, time % 2 ? 'Ready' : 'Pending'),
      observedAt: folder.clock.now(),
    });
  }
}

function usage(tenant: string) {
  return { ...tenantEvent(tenant), kind: 'record' as const };
}

/** Everything that is there, in its order. */
function all({ events }: Journal) {
  return events
    .nextBatch({
      after: events.ackedSeq,
      upTo: 1_000_000,
      maxEvents: 100_000,
      maxBytes: 100_000_000,
      lifecycle: true,
    })
    .map(({ body }) => fromBinary(EventSchema, body));
}

function countOf(journal: Journal) {
  const bodies = all(journal).map(({ body }) => body);
  const gaps = bodies.flatMap(body =>
    body.case === 'gapRecord' ? [body.value] : [],
  );
  return {
    lifecycle: bodies.filter(body => body.case === 'lifecycleRecord').length,
    gaps,
    dropped: gaps.reduce((sum, gap) => sum + Number(gap.dropped), 0),
  };
}

describe('the room for events', () => {
  it('is told with how much is in it, and empties with what is acknowledged', t => {
    const { journal, clock } = new JournalFolder(t);
    const empty = journal.space.level();
    assert.equal(empty.depth, 0);
    assert.equal(empty.bytes, 0);
    assert.equal(empty.oldestAtMs, undefined);

    const observedAt = clock.now();
    journal.events.put({ ...usage('a'), observedAt });
    clock.advance(MINUTE_MS);
    journal.events.put({ ...usage('b'), observedAt: clock.now() });
    assert.equal(journal.space.level().depth, 2);
    assert.equal(journal.space.level().oldestAtMs, observedAt.toMillis());

    all(journal);
    journal.events.acknowledge(1);
    assert.equal(journal.space.level().depth, 1);
    assert.equal(
      journal.space.level().oldestAtMs,
      observedAt.toMillis() + MINUTE_MS,
    );
    // Acknowledged records are kept for a while, and take room.
    journal.events.acknowledge(2);
    const { depth, bytes } = journal.space.level();
    assert.equal(depth, 0);
    assert.ok(bytes > 0);
    clock.advance(73 * 60 * MINUTE_MS);
    journal.prune();
    assert.equal(journal.space.level().bytes, 0);
  });

  it('is counted the same after the journal is opened again, and when states are superseded', t => {
    const folder = new JournalFolder(t);
    flap(folder, 'acme', 5);
    folder.journal.events.put(usage('beta'));
    const before = folder.journal.space.level();
    assert.deepEqual(folder.reopen().space.level(), before);
    // One state, five lifecycle records, one record.
    assert.equal(before.depth, 7);
  });
});

describe('lifecycle entries', () => {
  it('of one key are at most 100, and those before them are counted in one gap record', t => {
    const folder = new JournalFolder(t);
    const start = folder.clock.now();
    flap(folder, 'acme', 250);
    flap(folder, 'beta', 10);
    const { lifecycle, gaps } = countOf(folder.journal);
    assert.equal(lifecycle, 110);
    assert.equal(gaps.length, 1);
    const [gap] = gaps;
    assert.equal(gap.dropped, 150n);
    assert.equal(gap.kind, 'lifecycle');
    assert.equal(timestampMs(gap.since!), start.toMillis() + MINUTE_MS);
    assert.equal(timestampMs(gap.until!), start.toMillis() + 150 * MINUTE_MS);
  });

  it('keep to the budget, and what they lose is counted to the last one', t => {
    const folder = new JournalFolder(t, { budgetBytes: SMALL_BUDGET });
    for (let tenant = 0; tenant < 20; tenant++) {
      flap(folder, `tenant-${tenant}`, 40);
    }
    assert.ok(folder.journal.space.level().bytes <= SMALL_BUDGET);
    const { lifecycle, gaps, dropped } = countOf(folder.journal);
    assert.equal(gaps.length, 1);
    assert.equal(lifecycle + dropped, 20 * 40);
  });

  it('that are given up leave their gap in their place: before all that came later', t => {
    const folder = new JournalFolder(t);
    flap(folder, 'acme', 101);
    folder.journal.events.put(usage('later'));
    const cases = all(folder.journal).map(({ body }) => body.case);
    assert.equal(
      cases.find(each => each !== 'tenantStatus'),
      'gapRecord',
    );
    assert.equal(cases.at(-1), 'tenantStatus');
  });

  it('that have a sequence stay, and a gap that was sent begins anew', t => {
    const folder = new JournalFolder(t, { budgetBytes: SMALL_BUDGET });
    for (let tenant = 0; tenant < 20; tenant++) {
      flap(folder, `tenant-${tenant}`, 40);
    }
    const sent = all(folder.journal).map(({ body }) => body);
    for (let tenant = 0; tenant < 20; tenant++) {
      flap(folder, `tenant-${tenant}`, 40);
    }
    const again = all(folder.journal).map(({ body }) => body);
    assert.deepEqual(again.slice(0, sent.length), sent);
    const { lifecycle, gaps, dropped } = countOf(folder.journal);
    assert.equal(gaps.length, 2);
    assert.equal(lifecycle + dropped, 20 * 80);
  });

  it('that are acknowledged give way before any that wait', t => {
    const folder = new JournalFolder(t, { budgetBytes: SMALL_BUDGET });
    flap(folder, 'acme', 80);
    all(folder.journal);
    folder.journal.events.acknowledge(folder.journal.events.assignedSeq);
    flap(folder, 'beta', 80);
    const { lifecycle, gaps } = countOf(folder.journal);
    assert.equal(lifecycle, 80);
    assert.deepEqual(gaps, []);
  });

  it('leave usage its room: it goes on when they are full', t => {
    const folder = new JournalFolder(t, { budgetBytes: SMALL_BUDGET });
    for (let tenant = 0; tenant < 20; tenant++) {
      flap(folder, `tenant-${tenant}`, 40);
    }
    for (let hour = 0; hour < 100; hour++) {
      folder.journal.events.put(usage(`hour-${hour}`));
    }
    const names = all(folder.journal).flatMap(({ body }) =>
      body.case === 'tenantStatus' && body.value.tenant.startsWith('hour-')
        ? [body.value.tenant]
        : [],
    );
    assert.equal(names.length, 100);
    assert.ok(folder.journal.space.level().bytes <= SMALL_BUDGET);
  });
});

describe('the condition JournalSpace', () => {
  it('tells at 80 % and when entries are given up, and that all is well again', t => {
    const folder = new JournalFolder(t, { budgetBytes: SMALL_BUDGET });
    const { journal } = folder;
    const space = new JournalSpaceCondition({ journal });
    const reasons: Array<string | undefined> = [space.condition().reason];
    space.onChange(() => reasons.push(space.condition().reason));
    for (let tenant = 0; tenant < 20; tenant++) {
      flap(folder, `tenant-${tenant}`, 40);
    }
    assert.deepEqual(reasons, ['Enough', 'NearlyFull', 'Full']);
    assert.match(space.condition().message!, /the oldest lifecycle entries/);

    all(journal);
    journal.events.acknowledge(journal.events.assignedSeq);
    folder.clock.advance(73 * 60 * MINUTE_MS);
    journal.prune();
    journal.events.put(usage('next'));
    assert.equal(space.condition().status, 'True');
    assert.equal(reasons.at(-1), 'Enough');
  });
});
