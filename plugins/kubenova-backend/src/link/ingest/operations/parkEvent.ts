import { toBinary } from '@bufbuild/protobuf';
import { Event, EventSchema } from '@kubenova/proto';
import { Knex } from 'knex';

/** Sets an event aside, in the transaction that acknowledges it (E9): as the bytes that came, so that it can be replayed. */
export async function parkEvent(
  tx: Knex.Transaction,
  parked: {
    clusterId: string;
    incarnation: string;
    event: Event;
    code: string;
    error: string;
  },
): Promise<void> {
  await tx('parked_events').insert({
    cluster_id: parked.clusterId,
    incarnation: parked.incarnation,
    seq: parked.event.seq.toString(),
    key: withoutNul(parked.event.key),
    event: Buffer.from(toBinary(EventSchema, parked.event)),
    code: parked.code,
    error: withoutNul(parked.error),
  });
}

/** Postgres' text has no NUL character; an event that is parked for having one must not fail again for it. */
function withoutNul(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD');
}
