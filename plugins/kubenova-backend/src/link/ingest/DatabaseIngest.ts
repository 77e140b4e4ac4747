import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { limitedTransaction } from '../lease/limitedTransaction';
import { ChangedRef } from '../types';
import { advanceAckedSeqs } from './operations/advanceAckedSeqs';
import { haltLink } from './operations/haltLink';
import { parkEvent } from './operations/parkEvent';
import { poisonCode } from './poison';
import { PoisonLimits } from './PoisonLimits';
import { observedAtOf, PreparedBatch, PreparedEvent } from './PreparedBatch';
import { Projected, Projector } from './Projector';
import { IngestOutcome } from './types';

/** What a transaction has written. */
export interface Committed {
  outcomes: Map<PreparedBatch, IngestOutcome>;
  changed: ChangedRef[];
  /** How many events were set aside; of one batch, for it is done for no more at once. */
  parked: number;
}

/** An event that can't be written, however often it is tried (E9). */
interface Poison {
  event: PreparedEvent;
  code: string;
  message: string;
}

/** So many events can't be written that none is set aside any more: the cluster is halted (E9). */
export class PoisonHaltError extends Error {
  readonly name = 'PoisonHaltError';

  constructor(cluster: string, first: Poison) {
    super(
      `Too many events of ${cluster} can't be written, so none is acknowledged until a better release is there. ` +
        `The first is ${first.event.frame.seq} (${first.event.frame.key}): ${first.code} ${first.message}`,
    );
  }
}

/**
 * Commits batches: acknowledged sequences and projections in one transaction.
 *
 * 1. The first statement is the epoch check of all of them (E4): for a session that was fenced nothing at all is written, and the
 *    others do not notice.
 * 2. A batch is all or nothing. Acknowledged means committed (E6), so the caller acknowledges what this returns, not before.
 * 3. Together, nothing waits for a row that somebody else has, and nothing is looked for that is wrong: whoever calls tries what
 *    failed, or was left out, alone (GroupCommit.ts).
 * 4. Poison is set aside in the same transaction (E9). To find it costs a savepoint an event, so a batch that is alone is first tried
 *    without, and once more event by event if the data was at fault. Beyond the limits of PoisonLimits.ts nothing is set aside, and
 *    nothing acknowledged.
 */
export class DatabaseIngest {
  readonly #db: Knex;
  readonly #projector: Projector;
  readonly #limits: PoisonLimits;
  readonly #logger: LoggerService;

  constructor(options: {
    db: Knex;
    projector: Projector;
    limits: PoisonLimits;
    logger: LoggerService;
  }) {
    this.#db = options.db;
    this.#projector = options.projector;
    this.#limits = options.limits;
    this.#logger = options.logger;
  }

  /**
   * Commits batches of different clusters in one transaction. One that is not in the answer was not written: its session may be fenced,
   * or its link's row taken.
   *
   * @throws where nothing was written.
   */
  async commitTogether(batches: readonly PreparedBatch[]): Promise<Committed> {
    const committed = await limitedTransaction(this.#db, async tx => {
      const mine = await advanceAckedSeqs(tx, batches, { wait: false });
      const written = batches.filter(({ batch }) => mine.has(batch.cluster.id));
      return this.#project(tx, written);
    });
    return this.#counted(committed);
  }

  /**
   * Commits one batch; poison in it is set aside.
   *
   * @throws where nothing was written, for a reason that may pass.
   */
  async commitAlone(prepared: PreparedBatch): Promise<Committed> {
    if (isReadable(prepared)) {
      try {
        return await this.#commitAlone(prepared, tx =>
          this.#project(tx, [prepared]),
        );
      } catch (error) {
        if (poisonCode(error) === undefined) {
          throw error;
        }
      }
    }
    return this.#commitEventByEvent(prepared);
  }

  /** The limits of poison hold here alone: nothing is set aside elsewhere. */
  async #commitEventByEvent(prepared: PreparedBatch): Promise<Committed> {
    const { cluster, epoch } = prepared.batch;
    try {
      return await this.#commitAlone(prepared, tx =>
        this.#projectEventByEvent(tx, prepared),
      );
    } catch (error) {
      if (error instanceof PoisonHaltError) {
        await haltLink(this.#db, { clusterId: cluster.id, epoch });
      }
      throw error;
    }
  }

  async #commitAlone(
    prepared: PreparedBatch,
    project: (tx: Knex.Transaction) => Promise<Committed>,
  ): Promise<Committed> {
    const committed = await limitedTransaction(this.#db, async tx => {
      const mine = await advanceAckedSeqs(tx, [prepared], { wait: true });
      return mine.size > 0 ? project(tx) : fenced(prepared);
    });
    return this.#counted(committed);
  }

  /** Counts for the limits of poison, after the commit. */
  #counted(committed: Committed): Committed {
    for (const [{ batch, events }, outcome] of committed.outcomes) {
      if (outcome.outcome === 'committed') {
        const poison = committed.parked;
        const { id, name } = batch.cluster;
        if (this.#limits.committed(id, { seen: events.length, poison })) {
          this.#logger.info(`Events of ${name} are acknowledged again`);
        }
      }
    }
    return committed;
  }

  async #project(
    tx: Knex.Transaction,
    batches: readonly PreparedBatch[],
  ): Promise<Committed> {
    const { changed, snapshotAgain } = await this.#projector.project(
      tx,
      batches,
    );
    const outcomes = batches.map(prepared => {
      const again = snapshotAgain.has(prepared.batch.cluster.id);
      return [
        prepared,
        acknowledging(prepared, again ? { keys: [] } : undefined),
      ] as const;
    });
    return { outcomes: new Map(outcomes), changed, parked: 0 };
  }

  async #projectEventByEvent(
    tx: Knex.Transaction,
    prepared: PreparedBatch,
  ): Promise<Committed> {
    const changed: ChangedRef[] = [];
    const poison: Poison[] = [];
    let isSnapshotDue = false;
    for (const event of prepared.events) {
      const result = await this.#projectOne(tx, prepared, event);
      if (result.outcome === 'poison') {
        poison.push({ event, code: result.code, message: result.message });
      } else {
        changed.push(...result.projected.changed);
        isSnapshotDue ||= result.projected.snapshotAgain.size > 0;
      }
    }
    const count = { seen: prepared.events.length, poison: poison.length };
    const { cluster } = prepared.batch;
    if (poison.length > 0 && !this.#limits.allow(cluster.id, count)) {
      throw new PoisonHaltError(cluster.name, poison[0]);
    }
    await this.#park(tx, prepared, poison);
    const keys = poison.flatMap(({ event }) => stateKey(event) ?? []);
    const snapshot = keys.length > 0 ? { keys } : undefined;
    const outcome = acknowledging(
      prepared,
      isSnapshotDue ? { keys: [] } : snapshot,
    );
    return {
      outcomes: new Map([[prepared, outcome]]),
      changed,
      parked: poison.length,
    };
  }

  async #projectOne(
    tx: Knex.Transaction,
    prepared: PreparedBatch,
    event: PreparedEvent,
  ): Promise<
    | { outcome: 'projected'; projected: Projected }
    | { outcome: 'poison'; code: string; message: string }
  > {
    try {
      if (event.unreadable !== undefined) {
        throw event.unreadable;
      }
      // A transaction within one is a savepoint.
      const projected = await tx.transaction(savepoint =>
        this.#projector.project(savepoint, [{ ...prepared, events: [event] }]),
      );
      return { outcome: 'projected', projected };
    } catch (error) {
      const code = poisonCode(error);
      if (code === undefined) {
        throw error;
      }
      const message = error instanceof Error ? error.message : String(error);
      return { outcome: 'poison', code, message };
    }
  }

  async #park(
    tx: Knex.Transaction,
    { batch }: PreparedBatch,
    poison: readonly Poison[],
  ): Promise<void> {
    for (const { event, code, message } of poison) {
      const { frame } = event;
      this.#logger.error(
        `Event ${frame.seq} (${frame.key}) of ${batch.cluster.name} is set aside: ${code} ${message}`,
      );
      await parkEvent(tx, {
        clusterId: batch.cluster.id,
        incarnation: batch.incarnation,
        epoch: batch.epoch,
        observedAt: observedAtOf(frame),
        event: frame,
        code,
        error: message,
      });
    }
  }
}

function fenced(prepared: PreparedBatch): Committed {
  return {
    outcomes: new Map([[prepared, { outcome: 'fenced' }]]),
    changed: [],
    parked: 0,
  };
}

/** Whether every event of a batch can be read: one that can't is no affair of the batches that it would be committed with. */
export function isReadable({ events }: PreparedBatch): boolean {
  return events.every(({ unreadable }) => unreadable === undefined);
}

function acknowledging(
  { toSeq }: PreparedBatch,
  snapshot: { keys: string[] } | undefined,
): IngestOutcome {
  return { outcome: 'committed', ackedSeq: toSeq, snapshot };
}

/** The key of a state, which a later state replaces, as far as that can be read. A record is told only once. */
function stateKey({ frame }: PreparedEvent): string | undefined {
  switch (frame.body.case) {
    case 'usageRecord':
    case 'lifecycleRecord':
    case 'gapRecord':
    case 'snapshotMark':
      return undefined;
    default:
      return frame.key;
  }
}
