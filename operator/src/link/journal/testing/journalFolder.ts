import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { ManualClock } from '../../testing/ManualClock.ts';
import { Journal, type JournalOptions } from '../Journal.ts';

type Room = Pick<JournalOptions, 'budgetBytes' | 'spareBytes'>;

/** Enough for what these tests write, and quickly made. */
const SPARE_BYTES = 64 * 1024;

/** A journal in a folder of its own, which can be closed and opened again. */
export class JournalFolder {
  clock = new ManualClock();
  readonly file: string;
  journal: Journal;
  readonly #room: Room;

  /** @param options - parent: of the folder, where it is not the system's for temporary files. */
  constructor(t: TestContext, options: Room & { parent?: string } = {}) {
    const { parent = tmpdir(), ...room } = options;
    this.#room = { spareBytes: SPARE_BYTES, ...room };
    const folder = mkdtempSync(join(parent, 'kubenova-journal-'));
    this.file = join(folder, 'journal.db');
    this.journal = this.open();
    t.after(() => {
      this.journal.close();
      rmSync(folder, { recursive: true });
    });
  }

  open(clusterId = 'cluster-1'): Journal {
    const { file, clock } = this;
    return Journal.open({
      ...this.#room,
      file,
      clusterId,
      clock,
      createUuid: randomUUID,
    });
  }

  /** As a process that is started again: its monotonic clock begins anew. */
  reopen(): Journal {
    this.journal.close();
    this.clock = new ManualClock(this.clock.now());
    this.journal = this.open();
    return this.journal;
  }
}
