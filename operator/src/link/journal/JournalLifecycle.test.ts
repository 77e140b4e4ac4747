import { fromBinary } from '@bufbuild/protobuf';
import { EventSchema } from '@kubenova/proto';
import { DateTime } from 'luxon';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ApplyOutcome, OperatorEvent } from '../types.ts';
import type { Journal } from './Journal.ts';
import { JournalFolder } from './testing/journalFolder.ts';

const observedAt = DateTime.fromISO('2026-01-05T10:00:00Z', { zone: 'utc' });

function applied(outcome: ApplyOutcome, generation = 1): OperatorEvent {
  const key = 'applications/acme/web';
  return {
    key: `apply/${key}`,
    kind: 'state',
    observedAt,
    body: {
      case: 'applyResult',
      value: { key, uid: 'uid-1', generation, outcome, message: '' },
    },
  };
}

function health(
  value: 'Progressing' | 'Healthy' | 'Degraded' | 'Unknown',
  uid = 'uid-1',
): OperatorEvent {
  return {
    key: 'status/applications/acme/web',
    kind: 'state',
    observedAt,
    body: {
      case: 'applicationStatus',
      value: {
        tenant: 'acme',
        application: 'web',
        uid,
        generation: 1,
        health: value,
        phase: '',
        message: '',
        components: [],
        steps: [],
        conditions: [],
        gone: false,
      },
    },
  };
}

function cluster(generation: number, phase: 'Ready' | 'Error'): OperatorEvent {
  return {
    key: 'status/cluster',
    kind: 'state',
    observedAt,
    body: {
      case: 'clusterStatus',
      value: { generation, phase, components: [], conditions: [] },
    },
  };
}

/** All lifecycle records, each as `generation:step`. */
function steps(journal: Journal): string[] {
  return records(journal).map(record => `${record.generation}:${record.step}`);
}

function records({ events }: Journal) {
  return events
    .nextBatch({
      after: 0,
      upTo: 1_000_000,
      maxEvents: 1_000,
      maxBytes: 1_000_000,
      lifecycle: true,
    })
    .map(({ body }) => fromBinary(EventSchema, body).body)
    .filter(body => body.case === 'lifecycleRecord')
    .map(body => body.value);
}

describe('a lifecycle record', () => {
  it('is made of each change of an outcome, and of nothing that is seen again', t => {
    const { journal } = new JournalFolder(t);
    for (const outcome of [
      'Waiting',
      'Applied',
      'Applied',
      'Failed',
      'Waiting',
      'Failed',
      'Applied',
    ] as const) {
      journal.events.put(applied(outcome));
    }
    assert.deepEqual(steps(journal), ['1:Applied', '1:Failed', '1:Applied']);
  });

  it('is made anew for each generation, and not for one that came late', t => {
    const { journal } = new JournalFolder(t);
    journal.events.put(applied('Applied', 1));
    journal.events.put(applied('Applied', 2));
    journal.events.put(applied('Failed', 1));
    assert.deepEqual(steps(journal), ['1:Applied', '2:Applied']);
  });

  it('is not made again by a process that sees the same after a restart', t => {
    const folder = new JournalFolder(t);
    folder.journal.desiredStates.store({
      key: 'applications/acme/web',
      generation: 1,
      uid: 'uid-1',
      yaml: 'x',
    });
    folder.journal.events.put(applied('Applied'));
    folder.journal.events.put(health('Healthy'));
    const reopened = folder.reopen();
    reopened.prune();
    reopened.events.put(applied('Applied'));
    reopened.events.put(health('Healthy'));
    assert.deepEqual(steps(reopened), ['1:Applied', '1:Healthy']);
  });

  it('tells outcome and health of an object apart, and no health that is unknown or of a stranger', t => {
    const { journal } = new JournalFolder(t);
    journal.events.put(applied('Applied'));
    journal.events.put(health('Progressing'));
    journal.events.put(health('Unknown'));
    journal.events.put(health('Healthy'));
    journal.events.put(health('Degraded', ''));
    assert.deepEqual(steps(journal), [
      '1:Applied',
      '1:Progressing',
      '1:Healthy',
    ]);
  });

  it('of the platform has the uid of its desired state, and there is none before the first', t => {
    const { journal } = new JournalFolder(t);
    journal.events.put(cluster(0, 'Error'));
    const key = 'cluster/config';
    journal.desiredStates.store({ key, generation: 3, uid: 'u', yaml: 'x' });
    journal.events.put(cluster(3, 'Ready'));
    const [record, ...others] = records(journal);
    assert.deepEqual(others, []);
    const { uid, step, generation } = record;
    assert.deepEqual(
      { key: record.key, uid, step, generation },
      { key, uid: 'u', step: 'Ready', generation: 3n },
    );
    assert.match(record.id, /^[0-9a-f-]{36}$/);
  });

  it('is held back from a Manager that does not take it, and does not hold back others', t => {
    const { journal } = new JournalFolder(t);
    journal.events.put(applied('Applied'));
    journal.events.put(applied('Failed'));
    journal.events.put(health('Healthy'));
    const sent = (lifecycle: boolean) =>
      journal.events
        .nextBatch({
          after: 0,
          upTo: 100,
          maxEvents: 16,
          maxBytes: 100_000,
          lifecycle,
        })
        .map(
          ({ seq, body }) =>
            `${seq}:${fromBinary(EventSchema, body).body.case}`,
        );

    const states = ['1:applyResult', '2:applicationStatus'];
    assert.deepEqual(sent(false), states);
    assert.deepEqual(sent(true), [
      ...states,
      '3:lifecycleRecord',
      '4:lifecycleRecord',
      '5:lifecycleRecord',
    ]);
  });
});
