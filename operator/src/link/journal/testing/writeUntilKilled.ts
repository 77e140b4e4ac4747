/** Writes to a journal for ever, and tells after each round what is durable. Its parent kills it. */
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { tenantEvent } from '../../testing/TestOperator.ts';
import { systemClock } from '../../clock.ts';
import { Journal } from '../Journal.ts';

const journal = Journal.open({
  file: process.argv[2],
  clusterId: 'cluster-1',
  clock: systemClock,
  createUuid: randomUUID,
});
for (let generation = 1; ; generation++) {
  journal.events.put({ ...tenantEvent('acme'), kind: 'record' });
  const [last] = journal.events.nextBatch({
    after: generation - 1,
    upTo: 1_000_000,
    maxEvents: 1,
    maxBytes: 1_000_000,
  });
  journal.desiredStates.store({
    key: 'tenants/acme',
    generation,
    uid: 'uid-1',
    yaml: 'kind: X',
  });
  writeSync(1, `${JSON.stringify({ seq: last.seq, generation })}\n`);
}
