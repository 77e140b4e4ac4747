/**
 * Events on their way up.
 *
 * 1. An event is durable before `put` returns.
 * 2. A waiting event has no sequence. A newer state of its key takes its body over and leaves it in its place: a row that went
 *    to the back at each change would starve (E1).
 * 3. The sequence comes from a persisted counter when the event first enters a batch, and is durable before the batch is sent. From
 *    then the row is immutable; a newer state of its key waits beside it (E1).
 * 4. Sequences follow one another without a gap within an incarnation.
 * 5. Acknowledged states and marks are forgotten. Acknowledged records stay for 72 h, in case the Manager loses what it had
 *    committed (E6).
 * 6. The Manager's word in Welcome is the only truth about what is committed: see `resume`.
 */
import { toBinary } from '@bufbuild/protobuf';
import { EventSchema } from '@kubenova/proto';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import { toEventMessage, toMarkMessage } from '../mappers/toEventMessage.ts';
import type { Events, OperatorEvent } from '../types.ts';
import type { Facts } from './Facts.ts';
import { prepareEventStatements } from './eventStatements.ts';
import { transaction } from './transaction.ts';

const RECORDS_KEPT_HOURS = 72;

/** An event with its sequence, as it goes on the wire: `body` is an encoded Event whose seq is unset. */
export type SequencedEvent = { seq: number; body: Uint8Array };

/** What `resume` found (E6). */
export type ResumeOutcome =
  | 'continued'
  /** The Manager lost acknowledged events: records go again, states need a snapshot. */
  | 'rewound'
  /** The Manager knows more than this journal ever sent: it was rolled back, and is a new incarnation now. */
  | 'reincarnated';

export class JournalEvents implements Events {
  readonly #db: DatabaseSync;
  readonly #facts: Facts;
  readonly #clock: Clock;
  readonly #createUuid: () => string;
  readonly #sql: ReturnType<typeof prepareEventStatements>;
  readonly #listeners = new Set<() => void>();

  constructor(options: {
    db: DatabaseSync;
    facts: Facts;
    clock: Clock;
    createUuid: () => string;
  }) {
    this.#db = options.db;
    this.#facts = options.facts;
    this.#clock = options.clock;
    this.#createUuid = options.createUuid;
    this.#sql = prepareEventStatements(options.db);
  }

  put(event: OperatorEvent): void {
    const body = toBinary(EventSchema, toEventMessage(event));
    if (event.kind === 'state') {
      this.#sql.putState.run(event.key, body);
    } else {
      this.#sql.append.run(event.key, event.kind, body);
    }
    this.#nudge();
  }

  /**
   * Begins a snapshot: its mark goes before every waiting state, or the Manager would take a state that is sent early for one that was
   * not seen (E7). The states keep their order among themselves.
   */
  beginSnapshot(id: string): void {
    transaction(this.#db, () => {
      this.#putMark(id, false);
      this.#sql.moveWaitingStatesBehindAll.run();
    });
    this.#nudge();
  }

  endSnapshot(id: string): void {
    this.#putMark(id, true);
    this.#nudge();
  }

  /** Calls back after each event that was put. Returns what ends that. */
  onPut(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get incarnation(): string {
    return this.#facts.get('incarnation')!;
  }

  get assignedSeq(): number {
    return this.#facts.getNumber('assigned_seq');
  }

  get ackedSeq(): number {
    return this.#facts.getNumber('acked_seq');
  }

  /**
   * The next events after a sequence, in order: those that were sent before and are not acknowledged, then waiting ones, which get their
   * sequences here. The first event counts whatever its size, or it could never be sent.
   */
  nextBatch(limits: {
    after: number;
    upTo: number;
    maxEvents: number;
    maxBytes: number;
  }): SequencedEvent[] {
    return transaction(this.#db, () => {
      const batch: SequencedEvent[] = [];
      let bytes = 0;
      const fits = (seq: number, body: Uint8Array) => {
        bytes += body.byteLength;
        return (
          seq <= limits.upTo && (!batch.length || bytes <= limits.maxBytes)
        );
      };

      for (const row of this.#sql.sent.all(limits.after, limits.maxEvents)) {
        const event = { seq: Number(row.seq), body: row.body as Uint8Array };
        if (!fits(event.seq, event.body)) {
          return batch;
        }
        batch.push(event);
      }

      const assigned = this.assignedSeq;
      let seq = assigned;
      const room = limits.maxEvents - batch.length;
      for (const row of this.#sql.waiting.all(room)) {
        const body = row.body as Uint8Array;
        if (!fits(seq + 1, body)) {
          break;
        }
        seq += 1;
        this.#sql.assign.run(seq, row.place);
        batch.push({ seq, body });
      }
      if (seq > assigned) {
        this.#facts.set('assigned_seq', seq);
      }
      return batch;
    });
  }

  /** Forgets what is committed. @throws Error for a sequence that was never given. */
  acknowledge(seq: number): void {
    if (seq > this.assignedSeq) {
      throw new Error(
        `Event ${seq} was acknowledged, but ${this.assignedSeq} is the last that was sent.`,
      );
    }
    if (seq <= this.ackedSeq) {
      return;
    }
    transaction(this.#db, () => {
      this.#sql.forget.run(seq);
      this.#sql.keepRecords.run(this.#clock.now().toISO(), seq);
      this.#facts.set('acked_seq', seq);
    });
  }

  /** Takes the Manager's word from Welcome (E6). */
  resume(ackedSeq: number): ResumeOutcome {
    if (ackedSeq > this.assignedSeq) {
      this.#reincarnate();
      return 'reincarnated';
    }
    if (ackedSeq < this.ackedSeq) {
      this.#rewind(ackedSeq);
      return 'rewound';
    }
    this.acknowledge(ackedSeq);
    return 'continued';
  }

  /** Forgets records that were acknowledged long ago. */
  prune(): void {
    this.#sql.pruneRecords.run(
      this.#clock.now().minus({ hours: RECORDS_KEPT_HOURS }).toISO(),
    );
  }

  /**
   * Everything above the Manager's last sequence waits again, in its old order, and will get new sequences from there: the states in
   * between are forgotten, and the wire allows no gaps.
   */
  #rewind(ackedSeq: number): void {
    transaction(this.#db, () => {
      this.#waitAgain(ackedSeq);
      this.#facts.set('assigned_seq', ackedSeq);
      this.#facts.set('acked_seq', ackedSeq);
    });
  }

  /**
   * Sequences of another incarnation are not comparable. Records that are known to be committed are given up here: they can't be
   * placed in the new order. States stay: the outcome of a deletion is told once only, and a snapshot would not bring it back.
   */
  #reincarnate(): void {
    transaction(this.#db, () => {
      this.#sql.dropAcknowledged.run();
      this.#waitAgain(0);
      this.#facts.set('incarnation', this.#createUuid());
      this.#facts.set('assigned_seq', 0);
      this.#facts.set('acked_seq', 0);
    });
  }

  #waitAgain(afterSeq: number): void {
    // Marks of an old snapshot say nothing to a Manager that lost its past.
    this.#sql.dropMarks.run(afterSeq);
    this.#sql.dropSuperseded.run(afterSeq);
    this.#sql.unassign.run(afterSeq);
  }

  #putMark(id: string, end: boolean): void {
    const body = toBinary(
      EventSchema,
      toMarkMessage({ id, end, observedAt: this.#clock.now() }),
    );
    this.#sql.append.run(`snapshot/${id}`, 'mark', body);
  }

  #nudge(): void {
    this.#listeners.forEach(listener => listener());
  }
}
