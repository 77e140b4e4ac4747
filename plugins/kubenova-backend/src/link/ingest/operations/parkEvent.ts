import { toBinary } from '@bufbuild/protobuf';
import { Event, EventSchema } from '@kubenova/proto';
import { Knex } from 'knex';
import { DateTime } from 'luxon';

/** Sets an event aside, in the transaction that acknowledges it (E9): as the bytes that came, so that it can be replayed. */
export async function parkEvent(
  tx: Knex.Transaction,
  parked: {
    clusterId: string;
    incarnation: string;
    epoch: number;
    /** When the operator saw it, as far as that can be read. */
    observedAt?: DateTime;
    event: Event;
    code: string;
    error: string;
  },
): Promise<void> {
  await tx('parked_events').insert({
    cluster_id: parked.clusterId,
    incarnation: parked.incarnation,
    epoch: parked.epoch,
    observed_at: observedAtColumn(parked.observedAt),
    seq: parked.event.seq.toString(),
    key: withoutNul(parked.event.key),
    event: Buffer.from(toBinary(EventSchema, parked.event)),
    code: parked.code,
    error: withoutNul(parked.error),
  });
}

/** What is no time of our age is not kept: Postgres can not keep every time that a clock can tell. */
function observedAtColumn(at: DateTime | undefined): Date | null {
  return at && at.year > 2000 && at.year < 10_000 ? at.toJSDate() : null;
}

/** Postgres' text has no NUL character; an event that is parked for having one must not fail again for it. */
export function withoutNul(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD');
}
