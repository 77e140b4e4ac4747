import { fromBinary } from '@bufbuild/protobuf';
import { EventSchema } from '@kubenova/proto';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tenantEvent } from '../testing/TestOperator.ts';
import type { JournalEvents } from './JournalEvents.ts';
import { JournalFolder } from './testing/journalFolder.ts';

const HOUR_MS = 60 * 60 * 1_000;

type Limits = Parameters<JournalEvents['nextBatch']>[0];

/** Each event of the next batch as `seq:tenant:phase`. */
function batch(events: JournalEvents, limits: Partial<Limits> = {}): string[] {
  return events
    .nextBatch({
      after: events.ackedSeq,
      upTo: 1_000_000,
      maxEvents: 16,
      maxBytes: 14 * 1024,
      ...limits,
    })
    .map(({ seq, body }) => {
      const event = fromBinary(EventSchema, body);
      return event.body.case === 'tenantStatus'
        ? `${seq}:${event.body.value.tenant}:${event.body.value.phase}`
        : `${seq}:${event.body.case}`;
    });
}

const record = (tenant: string) => ({
  ...tenantEvent(tenant),
  kind: 'record' as const,
});

describe('events that wait', () => {
  it('are superseded by a newer state of their key, and keep their place', t => {
    const { events } = new JournalFolder(t).journal;
    events.put(tenantEvent('a', 'Pending'));
    events.put(tenantEvent('b', 'Pending'));
    events.put(tenantEvent('a', 'Ready'));
    assert.deepEqual(batch(events), ['1:a:Ready', '2:b:Pending']);
  });

  it('get through although they change all the time', t => {
    const { events } = new JournalFolder(t).journal;
    events.put(tenantEvent('busy', 'Pending'));
    const sent: string[] = [];
    for (let round = 0; round < 20; round++) {
      events.put(tenantEvent(`other-${round}`));
      events.put(tenantEvent('busy', 'Ready'));
      sent.push(...batch(events, { after: sent.length, maxEvents: 1 }));
    }
    assert.ok(sent.filter(line => line.includes(':busy:')).length >= 2);
    assert.equal(sent[0], '1:busy:Ready');
  });

  it('have no sequence, so that none is lost when they are superseded', t => {
    const { events } = new JournalFolder(t).journal;
    for (let i = 0; i < 10; i++) {
      events.put(tenantEvent('a'));
    }
    assert.equal(events.assignedSeq, 0);
    assert.deepEqual(batch(events), ['1:a:Ready']);
  });

  it('are all sent if they are records', t => {
    const { events } = new JournalFolder(t).journal;
    events.put(record('a'));
    events.put(record('a'));
    assert.equal(batch(events).length, 2);
  });
});

describe('events that have been in a batch', () => {
  it('do not change; a newer state waits beside them', t => {
    const { events } = new JournalFolder(t).journal;
    events.put(tenantEvent('a', 'Pending'));
    assert.deepEqual(batch(events), ['1:a:Pending']);
    events.put(tenantEvent('a', 'Ready'));
    assert.deepEqual(batch(events), ['1:a:Pending', '2:a:Ready']);
  });

  it('keep their sequences when the journal is opened again', t => {
    const folder = new JournalFolder(t);
    folder.journal.events.put(tenantEvent('a'));
    folder.journal.events.put(tenantEvent('b'));
    const before = batch(folder.journal.events);
    assert.deepEqual(batch(folder.reopen().events), before);
  });

  it('never share a sequence with later ones, also when all are acknowledged', t => {
    const folder = new JournalFolder(t);
    folder.journal.events.put(tenantEvent('a'));
    batch(folder.journal.events);
    folder.journal.events.acknowledge(1);
    folder.reopen().events.put(tenantEvent('b'));
    assert.deepEqual(batch(folder.journal.events), ['2:b:Ready']);
  });

  it('are forgotten when they are acknowledged', t => {
    const { events } = new JournalFolder(t).journal;
    events.put(tenantEvent('a'));
    events.put(tenantEvent('b'));
    batch(events);
    events.acknowledge(1);
    assert.deepEqual(batch(events), ['2:b:Ready']);
    events.acknowledge(2);
    events.acknowledge(1);
    assert.deepEqual(batch(events), []);
    assert.equal(events.ackedSeq, 2);
  });

  it('can not be acknowledged before they were', t => {
    const { events } = new JournalFolder(t).journal;
    events.put(tenantEvent('a'));
    assert.throws(() => events.acknowledge(1), /0 is the last that was sent/);
    assert.deepEqual(batch(events), ['1:a:Ready']);
  });
});

describe('a batch', () => {
  it('stops at the number of events, the bytes and the credit', t => {
    const { events } = new JournalFolder(t).journal;
    for (let i = 0; i < 30; i++) {
      events.put(tenantEvent(`t${i}`));
    }
    assert.equal(batch(events, { maxEvents: 16 }).length, 16);
    assert.equal(batch(events, { after: 16, upTo: 18 }).length, 2);
    const [first] = events.nextBatch({
      after: 0,
      upTo: 1,
      maxEvents: 1,
      maxBytes: 1,
    });
    const maxBytes = first.bytes * 3;
    assert.equal(batch(events, { maxBytes }).length, 3);
  });

  it('takes one event that is too big, alone', t => {
    const { events } = new JournalFolder(t).journal;
    events.put(tenantEvent('small'));
    events.put(tenantEvent('x'.repeat(5_000)));
    assert.equal(batch(events, { maxBytes: 1_000 }).length, 1);
    assert.equal(batch(events, { after: 1, maxBytes: 1_000 }).length, 1);
  });
});

describe('a Manager that lost acknowledged events', () => {
  it('gets the records again, from its own sequence on, without a gap', t => {
    const { events } = new JournalFolder(t).journal;
    events.put(record('r1'));
    events.put(tenantEvent('s1'));
    events.put(record('r2'));
    events.put(tenantEvent('s2', 'Pending'));
    batch(events);
    events.acknowledge(3);
    events.put(tenantEvent('s2', 'Ready'));

    assert.equal(events.resume(1), 'rewound');
    // s1 is gone: the snapshot that follows tells it. s2's newer state has taken the older one's place.
    assert.deepEqual(batch(events), ['2:r2:Ready', '3:s2:Ready']);
  });

  it('gets no marks of an earlier snapshot', t => {
    const { events } = new JournalFolder(t).journal;
    events.beginSnapshot('snapshot-1');
    events.put(record('r1'));
    batch(events);
    events.resume(0);
    events.acknowledge(2);
    events.resume(0);
    assert.deepEqual(batch(events), ['1:r1:Ready']);
  });

  it('gets records of the last 72 hours, no older ones', t => {
    const { journal, clock } = new JournalFolder(t);
    journal.events.put(record('old'));
    batch(journal.events);
    journal.events.acknowledge(1);
    clock.advance(71 * HOUR_MS);
    journal.prune();
    journal.events.put(record('new'));
    batch(journal.events);
    journal.events.acknowledge(2);
    clock.advance(2 * HOUR_MS);
    journal.prune();

    journal.events.resume(0);
    assert.deepEqual(batch(journal.events), ['1:new:Ready']);
  });
});

describe('a journal that was rolled back', () => {
  it('begins a new incarnation, in which everything that it has waits again, acknowledged records too', t => {
    const { events } = new JournalFolder(t).journal;
    const { incarnation } = events;
    events.put(record('r1'));
    events.put(tenantEvent('s1'));
    events.put(record('r2'));
    batch(events);
    events.acknowledge(1);

    assert.equal(events.resume(500), 'reincarnated');
    assert.notEqual(events.incarnation, incarnation);
    assert.deepEqual(batch(events), ['1:r1:Ready', '2:s1:Ready', '3:r2:Ready']);
  });
});

describe('a snapshot', () => {
  it('begins before every state that waits, and after what was sent', t => {
    const { events } = new JournalFolder(t).journal;
    events.put(tenantEvent('sent'));
    batch(events);
    events.put(tenantEvent('a', 'Pending'));
    events.put(record('r'));
    events.put(tenantEvent('b'));
    events.beginSnapshot('snapshot-1');
    events.put(tenantEvent('a', 'Ready'));
    events.endSnapshot('snapshot-1');
    assert.deepEqual(batch(events), [
      '1:sent:Ready',
      '2:r:Ready',
      '3:snapshotMark',
      '4:a:Ready',
      '5:b:Ready',
      '6:snapshotMark',
    ]);
  });
});
