import { ChangeNotifier } from '../types';
import { Committed, DatabaseIngest, isReadable } from './DatabaseIngest';
import { isConnectionFailure } from './isConnectionFailure';
import { prepareBatch, PreparedBatch } from './PreparedBatch';
import { Ingest, IngestBatch, IngestOutcome } from './types';

/** Two keep the database busy while one of them waits for its disk; more wait for each other. */
const MAX_TOGETHER = 2;
/** Transactions of batches that are alone. */
const MAX_ALONE = 2;
/** As many batches go into one transaction as have this many events. */
const GROUP_EVENTS = 1_024;

/** The transactions themselves. */
export type Commits = Pick<DatabaseIngest, 'commitTogether' | 'commitAlone'>;

interface Waiting {
  prepared: PreparedBatch;
  /** How often it was left out of a group. */
  leftOut: number;
  resolve(outcome: IngestOutcome): void;
  reject(error: unknown): void;
}

/**
 * Commits the batches of all sessions of this replica together (E5): the flush of a commit costs the same for one batch and for fifty.
 *
 * 1. Nobody waits for company: what came while the last transactions were at work goes into the next one.
 * 2. A cluster is in one transaction at a time, with one batch. So the batches of one cluster keep their order, and no transaction of
 *    this replica waits for a row of another one.
 * 3. One bad cluster holds nobody up. What failed together is tried once more, each batch alone, beside the groups; a cluster that fails
 *    alone stays alone until it has succeeded. So does one whose row somebody else has, after it was left out of two groups.
 * 4. What failed because the database is away is not tried here again: every session does that itself, after a pause.
 */
export class GroupCommit implements Ingest {
  readonly #ingest: Commits;
  readonly #changes: ChangeNotifier;
  readonly #waiting: Waiting[] = [];
  readonly #waitingAlone: Waiting[] = [];
  readonly #underWay = new Set<string>();
  /** Clusters whose last batch failed alone. */
  readonly #suspects = new Set<string>();
  #together = 0;
  #alone = 0;

  constructor(options: { ingest: Commits; changes: ChangeNotifier }) {
    this.#ingest = options.ingest;
    this.#changes = options.changes;
  }

  async commit(batch: IngestBatch): Promise<IngestOutcome> {
    const prepared = prepareBatch(batch);
    return new Promise((resolve, reject) => {
      const waiting = { prepared, leftOut: 0, resolve, reject };
      if (isReadable(prepared) && !this.#suspects.has(batch.cluster.id)) {
        this.#waiting.push(waiting);
      } else {
        this.#waitingAlone.push(waiting);
      }
      this.#startMore();
    });
  }

  #startMore(): void {
    while (this.#together < MAX_TOGETHER) {
      const group = this.#take(this.#waiting, GROUP_EVENTS);
      if (group.length === 0) {
        break;
      }
      this.#together += 1;
      void this.#runTogether(group).finally(() => {
        this.#together -= 1;
        this.#release(group);
      });
    }
    while (this.#alone < MAX_ALONE) {
      const [one] = this.#take(this.#waitingAlone, 1);
      if (!one) {
        break;
      }
      this.#alone += 1;
      void this.#runAlone(one).finally(() => {
        this.#alone -= 1;
        this.#release([one]);
      });
    }
  }

  /** Takes batches of clusters of which none is under way, from the front, until they have that many events. */
  #take(queue: Waiting[], maxEvents: number): Waiting[] {
    const taken: Waiting[] = [];
    let events = 0;
    for (let i = 0; i < queue.length && events < maxEvents; ) {
      const { batch } = queue[i].prepared;
      if (this.#underWay.has(batch.cluster.id)) {
        i += 1;
      } else {
        this.#underWay.add(batch.cluster.id);
        events += batch.events.length;
        taken.push(...queue.splice(i, 1));
      }
    }
    return taken;
  }

  #release(group: readonly Waiting[]): void {
    for (const { prepared } of group) {
      this.#underWay.delete(prepared.batch.cluster.id);
    }
    this.#startMore();
  }

  async #runTogether(group: readonly Waiting[]): Promise<void> {
    try {
      const committed = await this.#ingest.commitTogether(
        group.map(({ prepared }) => prepared),
      );
      this.#settle(group, committed);
    } catch (error) {
      if (isConnectionFailure(error)) {
        group.forEach(({ reject }) => reject(error));
      } else {
        this.#waitingAlone.push(...group);
      }
    }
  }

  async #runAlone(waiting: Waiting): Promise<void> {
    const { id } = waiting.prepared.batch.cluster;
    try {
      const committed = await this.#ingest.commitAlone(waiting.prepared);
      this.#suspects.delete(id);
      this.#settle([waiting], committed);
    } catch (error) {
      if (!isConnectionFailure(error)) {
        this.#suspects.add(id);
      }
      waiting.reject(error);
    }
  }

  #settle(group: readonly Waiting[], committed: Committed): void {
    for (const waiting of group) {
      const outcome = committed.outcomes.get(waiting.prepared);
      if (outcome) {
        waiting.resolve(outcome);
      } else {
        waiting.leftOut += 1;
        (waiting.leftOut < 2 ? this.#waiting : this.#waitingAlone).unshift(
          waiting,
        );
      }
    }
    this.#changes.changed(committed.changed);
  }
}
