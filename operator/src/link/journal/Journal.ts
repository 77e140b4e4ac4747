/**
 * What the operator must not forget, in one SQLite file on its volume.
 *
 * 1. What a call has written is on the disk when the call returns (`synchronous = FULL`).
 * 2. One process has the file. The lock is the operating system's: it dies with its owner, whatever kills that (J3).
 * 3. A journal belongs to one cluster. Another cluster's desired states are never applied here.
 * 4. An incarnation is one life of the journal: a new file, or one that was found to be rolled back, is a new one (E4, E6).
 *
 * Write-ahead log, for two reasons: a commit costs one fsync where a rollback journal costs two or three, and with an exclusive
 * lock its index lies in the process's memory, so that nothing needs shared memory on the volume, which network storage
 * does not have.
 *
 * Desired states, events, samples, age, space and spare room have invariants of their own, each at the top of its file.
 */
import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import { Facts } from './Facts.ts';
import { JournalAge } from './JournalAge.ts';
import { JournalDesiredStates } from './JournalDesiredStates.ts';
import { JournalEvents } from './JournalEvents.ts';
import { JournalLifecycle } from './JournalLifecycle.ts';
import { JournalSamples } from './JournalSamples.ts';
import { JournalSpace } from './JournalSpace.ts';
import { migrate } from './schema.ts';
import { SpareRoom } from './SpareRoom.ts';
import { transaction } from './transaction.ts';

export type JournalOptions = {
  /** Path of the file; its folder exists. */
  file: string;
  /** novaClusterID: a UUID. */
  clusterId: string;
  clock: Clock;
  createUuid: () => string;
  /** What events may take, in bytes (E10). */
  budgetBytes?: number;
  /** Room that is kept for a full disk, in bytes. */
  spareBytes?: number;
};

export class Journal {
  readonly desiredStates: JournalDesiredStates;
  readonly events: JournalEvents;
  readonly samples: JournalSamples;
  readonly space: JournalSpace;
  readonly #db: DatabaseSync;
  readonly #facts: Facts;
  readonly #age: JournalAge;
  readonly #spare: SpareRoom;
  readonly #lifecycle: JournalLifecycle;

  /** @throws Error, with a sentence for people, where the file is locked, newer, another cluster's, or can't be written. */
  static open(options: JournalOptions): Journal {
    const db = openExclusively(options.file);
    try {
      migrate(db);
      return new Journal(db, options);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  private constructor(db: DatabaseSync, options: JournalOptions) {
    this.#db = db;
    const facts = new Facts(db);
    this.#facts = facts;
    transaction(db, () => this.#claim(options));
    const age = new JournalAge({ facts, clock: options.clock });
    const space = new JournalSpace({ db, budgetBytes: options.budgetBytes });
    const spare = new SpareRoom({
      db,
      file: `${options.file}-spare`,
      bytes: options.spareBytes,
      freeSome: () => space.freeSome(),
    });
    spare.restore();
    const lifecycle = new JournalLifecycle({ ...options, db });
    const parts = { ...options, db, facts, age, space, spare, lifecycle };
    this.#age = age;
    this.#spare = spare;
    this.#lifecycle = lifecycle;
    this.space = space;
    this.desiredStates = new JournalDesiredStates(parts);
    this.events = new JournalEvents(parts);
    this.samples = new JournalSamples({ ...parts, events: this.events });
  }

  /** The volume had no room for the last write. */
  get full(): boolean {
    return this.#spare.full;
  }

  /** The highest epoch that was obeyed; 0 before the first session (D8). */
  get highestEpoch(): number {
    return this.#facts.getNumber('highest_epoch');
  }

  set highestEpoch(epoch: number) {
    this.#spare.write(() => this.#facts.set('highest_epoch', epoch));
  }

  /** What Hello tells of the journal. */
  get head() {
    const { incarnation, ackedSeq, assignedSeq } = this.events;
    return {
      incarnation,
      ackedSeq,
      assignedSeq,
      highestEpoch: this.highestEpoch,
      highestGeneration: this.desiredStates.highestGeneration,
    };
  }

  /** The public key, in base64, that the Manager is known to have bound; absent before. */
  get enrolledKey(): string | undefined {
    return this.#facts.get('enrolled_key');
  }

  set enrolledKey(publicKey: string) {
    this.#spare.write(() => this.#facts.set('enrolled_key', publicKey));
  }

  /** SHA-256 of the join token that the key was bound with, in hex; absent before. */
  get enrolledToken(): string | undefined {
    return this.#facts.get('enrolled_token');
  }

  set enrolledToken(hash: string) {
    this.#spare.write(() => this.#facts.set('enrolled_token', hash));
  }

  /** Forgets what was only kept for a while. */
  prune(): void {
    this.#spare.write(() =>
      transaction(this.#db, () => {
        this.#age.save();
        this.desiredStates.prune();
        this.samples.prune();
        this.#lifecycle.prune();
      }),
    );
    this.events.prune();
    this.#spare.restore();
  }

  close(): void {
    this.#db.close();
  }

  #claim(options: JournalOptions): void {
    const owner = this.#facts.get('cluster_id');
    if (owner !== undefined && owner !== options.clusterId) {
      throw new Error(
        `The journal ${options.file} belongs to cluster ${owner}, but this operator was joined as ${options.clusterId}. ` +
          'Delete the volume claim of the journal to start with an empty one.',
      );
    }
    if (owner === undefined) {
      this.#facts.set('cluster_id', options.clusterId);
      this.#facts.set('incarnation', options.createUuid());
    }
  }
}

function openExclusively(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 0 });
  try {
    // The order matters: set before the log is first touched, the lock keeps its index in memory.
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    db.exec('PRAGMA journal_mode = WAL');
    db.exec('PRAGMA synchronous = FULL');
    db.exec('BEGIN EXCLUSIVE; COMMIT');
    return db;
  } catch (error) {
    db.close();
    if (error instanceof Error && error.message.includes('locked')) {
      throw new Error(
        `Another operator has the journal ${file} open. Only one may run in a cluster; wait until the other one has ended.`,
        { cause: error },
      );
    }
    throw error;
  }
}
