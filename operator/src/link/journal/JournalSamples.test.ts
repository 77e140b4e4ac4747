import { DateTime } from 'luxon';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OperatorEvent, SampledHour } from '../types.ts';
import { JournalFolder } from './testing/journalFolder.ts';

const at = (iso: string) => DateTime.fromISO(iso, { zone: 'utc' });

function toRecord(hour: SampledHour): OperatorEvent {
  return {
    key: `usage/${hour.tenant}/${hour.hour.toISO()}`,
    kind: 'record',
    observedAt: hour.hour,
    body: {
      case: 'usageRecord',
      value: {
        tenant: hour.tenant,
        hour: hour.hour,
        minutes: hour.minutes,
        meters: [],
      },
    },
  };
}

function closed(folder: JournalFolder, before: string): SampledHour[] {
  const hours: SampledHour[] = [];
  folder.journal.samples.closeHours(at(before), hour => {
    hours.push(hour);
    return toRecord(hour);
  });
  return hours;
}

describe('samples of usage', () => {
  it('add up exactly, with a map of the minutes that were seen', t => {
    const folder = new JournalFolder(t);
    for (const minute of ['10:00', '10:01', '10:59']) {
      folder.journal.samples.add({
        tenant: 'acme',
        minute: at(`2026-01-05T${minute}:30Z`),
        meters: { cpu_request: '0.1', memory_request: '9007199254740993' },
      });
    }
    const [hour] = closed(folder, '2026-01-05T11:00Z');
    assert.deepEqual(hour.meters, {
      cpu_request: '0.3',
      memory_request: '27021597764222979',
    });
    assert.equal(hour.minutes, 1n | (1n << 1n) | (1n << 59n));
    assert.equal(hour.hour.toISO(), '2026-01-05T10:00:00.000Z');
  });

  it('count a minute once', t => {
    const folder = new JournalFolder(t);
    const minute = at('2026-01-05T10:00Z');
    const { samples } = folder.journal;
    samples.add({ tenant: 'acme', minute, meters: { pods: '1' } });
    samples.add({ tenant: 'acme', minute, meters: { pods: '5' } });
    assert.deepEqual(closed(folder, '2026-01-05T11:00Z')[0].meters, {
      pods: '1',
    });
  });

  it('stay open until their hour has ended, and survive the process', t => {
    const folder = new JournalFolder(t);
    folder.journal.samples.add({
      tenant: 'acme',
      minute: at('2026-01-05T10:30Z'),
      meters: { pods: '1' },
    });
    assert.deepEqual(closed(folder, '2026-01-05T10:59Z'), []);
    folder.reopen();
    assert.equal(closed(folder, '2026-01-05T11:00Z').length, 1);
    assert.deepEqual(closed(folder, '2026-01-05T12:00Z'), []);
  });

  it('change places with their record in one step', t => {
    const folder = new JournalFolder(t);
    folder.journal.samples.add({
      tenant: 'acme',
      minute: at('2026-01-05T10:30Z'),
      meters: { pods: '1' },
    });
    assert.throws(() =>
      folder.journal.samples.closeHours(at('2026-01-05T11:00Z'), () => {
        throw new Error('no record');
      }),
    );
    assert.equal(closed(folder, '2026-01-05T11:00Z').length, 1);
    const limits = { after: 0, upTo: 9, maxEvents: 9, maxBytes: 9_999 };
    assert.equal(folder.journal.events.nextBatch(limits).length, 1);
  });

  it('that come late make a record of their own', t => {
    const folder = new JournalFolder(t);
    const { samples } = folder.journal;
    const meters = { pods: '1' };
    samples.add({ tenant: 'acme', minute: at('2026-01-05T10:30Z'), meters });
    closed(folder, '2026-01-05T11:00Z');
    samples.add({ tenant: 'acme', minute: at('2026-01-05T10:31Z'), meters });
    const [late] = closed(folder, '2026-01-05T11:00Z');
    assert.equal(late.minutes, 1n << 31n);
  });

  it('of a clock that is set back by an hour are not counted again', t => {
    const folder = new JournalFolder(t);
    const { samples } = folder.journal;
    const meters = { pods: '1' };
    const add = (minute: string) =>
      samples.add({ tenant: 'acme', minute: at(minute), meters });
    for (const minute of ['00', '30', '59']) {
      add(`2026-01-05T10:${minute}Z`);
    }
    assert.equal(closed(folder, '2026-01-05T11:00Z').length, 1);

    for (const minute of ['00', '15', '30']) {
      add(`2026-01-05T10:${minute}Z`);
    }
    const [again] = closed(folder, '2026-01-05T11:00Z');
    assert.equal(again.minutes, 1n << 15n);
    add('2026-01-05T10:15Z');
    assert.deepEqual(closed(folder, '2026-01-05T11:00Z'), []);
  });

  it('of a clock that was an hour ahead for a while are all counted, each minute once', t => {
    const folder = new JournalFolder(t);
    const { samples } = folder.journal;
    const meters = { pods: '1' };
    const seen = new Map<string, bigint>();
    const minuteAt = (minute: string, before: string) => {
      samples.add({ tenant: 'acme', minute: at(minute), meters });
      for (const { hour, minutes } of closed(folder, before)) {
        const key = hour.toISO()!;
        assert.equal((seen.get(key) ?? 0n) & minutes, 0n);
        seen.set(key, (seen.get(key) ?? 0n) | minutes);
      }
    };
    minuteAt('2026-01-05T10:00Z', '2026-01-05T10:00Z');
    minuteAt('2026-01-05T11:01Z', '2026-01-05T11:00Z'); // ahead
    minuteAt('2026-01-05T10:02Z', '2026-01-05T10:00Z'); // set right
    minuteAt('2026-01-05T11:01Z', '2026-01-05T11:00Z'); // an hour later
    minuteAt('2026-01-05T12:00Z', '2026-01-05T12:00Z');
    assert.deepEqual(Object.fromEntries(seen), {
      '2026-01-05T10:00:00.000Z': 0b101n,
      '2026-01-05T11:00:00.000Z': 0b10n,
    });
  });

  it('are forgotten as counted after 72 h', t => {
    const folder = new JournalFolder(t);
    const meters = { pods: '1' };
    const minute = at('2026-01-05T10:00Z');
    folder.journal.samples.add({ tenant: 'acme', minute, meters });
    closed(folder, '2026-01-05T11:00Z');
    folder.clock.advance(73 * 60 * 60 * 1_000);
    folder.journal.prune();
    folder.journal.samples.add({ tenant: 'acme', minute, meters });
    assert.equal(closed(folder, '2026-01-05T11:00Z').length, 1);
  });
});
