import path from 'node:path';
import type { Model } from '../model/Model.ts';
import { committedNumbers } from './observe.ts';
import type { OperatorHost } from './OperatorHost.ts';
import type { World } from './World.ts';
import { readJournalRecords } from './journalRecords.ts';

/**
 * Copies of the database and of journals' volumes, taken in the course of a run, to go back to.
 *
 * Two pasts can't be combined: once the database or a journal has gone back, the copies of what came after that point, and copies of
 * the other side from before, belong to a past that nobody shares. They are thrown away, as nobody should restore them. For the same reason
 * no journal may go while a restored database is behind it: then nobody has that past any more.
 */
export class Backups {
  readonly #world: World;
  readonly #model: Model;
  readonly #volumes = new Map<OperatorHost, string>();
  #database: string | undefined;
  #isUndecided = false;

  constructor(options: { world: World; model: Model }) {
    this.#world = options.world;
    this.#model = options.model;
  }

  /** Whether the database went back, and nobody has decided since what is true (D9). */
  get isUndecided(): boolean {
    return this.#isUndecided;
  }

  decided(): void {
    this.#isUndecided = false;
  }

  get hasDatabase(): boolean {
    return this.#database !== undefined;
  }

  hasVolume(operator: OperatorHost): boolean {
    return this.#volumes.has(operator);
  }

  async backUpDatabase(): Promise<void> {
    const folder = path.join(this.#world.folder, 'backup');
    await this.#world.postgres.backUp(folder);
    this.#database = folder;
  }

  async restoreDatabase(): Promise<void> {
    const { postgres } = this.#world;
    await postgres.restore(this.#database!);
    this.#isUndecided = true;
    // What replicas commit from here on can only be more than this.
    this.#model.databaseRestored(await committedNumbers(postgres));
    this.#volumes.clear();
  }

  /** A snapshot of the volume as storage systems take it: of one instant, while the operator runs. */
  backUpVolume(operator: OperatorHost): void {
    const folder = path.join(
      this.#world.folder,
      `${operator.cluster.name}-volume`,
    );
    operator.freeze();
    try {
      operator.volume.copyTo(folder);
    } finally {
      operator.thaw();
    }
    this.#volumes.set(operator, folder);
  }

  /** The volume has what it had when it was copied last; without a copy, or where it is to be lost, nothing. */
  async rollBackVolume(
    operator: OperatorHost,
    to: 'copy' | 'nothing',
  ): Promise<void> {
    await operator.kill();
    const { waiting } = readJournalRecords(operator.volume.path);
    operator.volume.replaceBy(
      to === 'copy' ? this.#volumes.get(operator) : undefined,
    );
    const kept = readJournalRecords(operator.volume.path);
    this.#model
      .records(operator.cluster.name)
      .journalReplaced(
        waiting,
        new Set([...kept.waiting, ...kept.acknowledged]),
      );
    this.#database = undefined;
    operator.journalReplaced();
    operator.start();
  }
}
