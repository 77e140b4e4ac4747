import { Event } from '@kubenova/proto';

/** Events of one session that follow one another, and what the session knows of the link's row. */
export interface IngestBatch {
  cluster: { id: string; name: string };
  epoch: number;
  incarnation: string;
  /** The acknowledged sequence before this batch; the first event's is one above. */
  ackedSeq: bigint;
  /** At least one. */
  events: readonly Event[];
}

export type IngestOutcome =
  | {
      outcome: 'committed';
      ackedSeq: bigint;
      /** Events whose states the operator is to tell again, by key (E9); empty for the present state of everything (E7). */
      snapshot?: { keys: string[] };
    }
  /** The session is not the link's newest any more; nothing was written. */
  | { outcome: 'fenced' };

/** Makes events durable. */
export interface Ingest {
  /** @throws where the batch was not committed for a reason that may pass; it is to be tried again. */
  commit(batch: IngestBatch): Promise<IngestOutcome>;
}
