/**
 * Events on their way up.
 *
 * 1. An event is durable before `put` returns. On a full disk a state is kept in memory instead, and written when there is room: its
 *    object still has it (see UnwrittenStates.ts).
 * 2. A waiting event has no sequence. A newer state of its key takes its body over and leaves it in its place: a row that went
 *    to the back at each change would starve (E1).
 * 3. The sequence comes from a persisted counter when the event first enters a batch, and is durable before the batch is sent. From
 *    then the row is immutable; a newer state of its key waits beside it (E1).
 * 4. Sequences follow one another without a gap within an incarnation. What a Manager is not to be sent just has none yet.
 * 5. Acknowledged states and marks are forgotten. Acknowledged records stay for 72 h of the journal's age, in case the Manager loses what
 *    it had committed (E6).
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
import type { JournalAge } from './JournalAge.ts';
import type { JournalLifecycle } from './JournalLifecycle.ts';
import type { JournalSpace } from './JournalSpace.ts';
import type { SpareRoom } from './SpareRoom.ts';
import {
  takeBatch,
  type BatchLimits,
  type SequencedEvent,
} from './takeBatch.ts';
import { transaction } from './transaction.ts';
import { UnwrittenStates } from './UnwrittenStates.ts';

const RECORDS_KEPT_MS = 72 * 60 * 60 * 1_000;

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
  readonly #age: JournalAge;
  readonly #space: JournalSpace;
  readonly #spare: SpareRoom;
  readonly #lifecycle: JournalLifecycle;
  readonly #createUuid: () => string;
  readonly #sql: ReturnType<typeof prepareEventStatements>;
  readonly #unwritten = new UnwrittenStates();
  readonly #listeners = new Set<() => void>();

  constructor(options: {
    db: DatabaseSync;
    facts: Facts;
    clock: Clock;
    age: JournalAge;
    space: JournalSpace;
    spare: SpareRoom;
    lifecycle: JournalLifecycle;
    createUuid: () => string;
  }) {
    this.#db = options.db;
    this.#facts = options.facts;
    this.#clock = options.clock;
    this.#age = options.age;
    this.#space = options.space;
    this.#spare = options.spare;
    this.#lifecycle = options.lifecycle;
    this.#createUuid = options.createUuid;
    this.#sql = prepareEventStatements(options.db);
  }

  /** @throws JournalFullError for a record, where the disk is full. */
  put(event: OperatorEvent): void {
    if (event.kind === 'state') {
      this.#unwritten.add(event);
      this.#writeStates();
    } else {
      this.#write(event);
    }
    this.#nudge();
  }

  /**
   * Begins a snapshot: its mark goes before every waiting state, or the Manager would take a state that is sent early for one that was
   * not seen (E7). The states keep their order among themselves.
   */
  beginSnapshot(id: string): void {
    this.#spare.write(() =>
      transaction(this.#db, () => {
        this.#putMark(id, false);
        this.#sql.moveWaitingStatesBehindAll.run();
      }),
    );
    this.#nudge();
  }

  endSnapshot(id: string): void {
    this.#spare.write(() => this.#putMark(id, true));
    this.#nudge();
  }

  /** Calls back after each event that was put, and each acknowledgement. Returns what ends that. */
  onChange(listener: () => void): () => void {
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
   * sequences here. What has a sequence is sent whatever it is.
   */
  nextBatch(limits: BatchLimits): SequencedEvent[] {
    return this.#spare.write(() =>
      transaction(this.#db, () =>
        takeBatch(limits, { sql: this.#sql, facts: this.#facts }),
      ),
    );
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
    this.#spare.write(() =>
      transaction(this.#db, () => {
        this.#sql.forget.run(seq);
        this.#sql.keepRecords.run(this.#age.ms, seq);
        this.#facts.set('acked_seq', seq);
      }),
    );
    this.#writeStates();
    this.#nudge();
  }

  /** Takes the Manager's word from Welcome (E6). */
  resume(ackedSeq: number): ResumeOutcome {
    if (ackedSeq > this.assignedSeq) {
      this.#spare.write(() => this.#reincarnate());
      return 'reincarnated';
    }
    if (ackedSeq < this.ackedSeq) {
      this.#spare.write(() => this.#rewind(ackedSeq));
      return 'rewound';
    }
    this.acknowledge(ackedSeq);
    return 'continued';
  }

  /** Forgets records that were acknowledged long ago, and writes what had no room before. */
  prune(): void {
    this.#spare.write(() =>
      transaction(this.#db, () => {
        this.#sql.pruneRecords.run(this.#age.ms - RECORDS_KEPT_MS);
        this.#space.limit();
      }),
    );
    this.#writeStates();
  }

  /** Writes the states that are not on the disk yet, in their order, as far as there is room. */
  #writeStates(): void {
    this.#unwritten.drain(
      event => this.#write(event),
      loss => this.#spare.write(() => this.#space.countLoss(loss)),
    );
  }

  /** @throws JournalFullError */
  #write(event: OperatorEvent): void {
    this.#spare.write(() =>
      transaction(this.#db, () => {
        this.#insert(event);
        const step =
          event.kind === 'state' ? this.#lifecycle.recordOf(event) : undefined;
        if (step) {
          this.#insert(step);
          this.#space.limitKey(step.key);
        }
        this.#space.limit();
      }),
    );
  }

  #insert(event: OperatorEvent): void {
    const body = toBinary(EventSchema, toEventMessage(event));
    const at = event.observedAt.toMillis();
    if (event.kind === 'state') {
      this.#sql.putState.run(event.key, body, at);
    } else {
      const kind =
        event.body.case === 'lifecycleRecord' ? 'lifecycle' : 'record';
      this.#sql.append.run(event.key, kind, body, at);
    }
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
   * Sequences of another incarnation are not comparable, so all that is there waits again: records that were committed too, for which
   * the Manager has natural keys (E8). States stay: the outcome of a deletion is told once only.
   */
  #reincarnate(): void {
    transaction(this.#db, () => {
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
    const observedAt = this.#clock.now();
    const body = toBinary(EventSchema, toMarkMessage({ id, end, observedAt }));
    const key = `snapshot/${id}`;
    this.#sql.append.run(key, 'mark', body, observedAt.toMillis());
  }

  #nudge(): void {
    this.#listeners.forEach(listener => listener());
  }
}
