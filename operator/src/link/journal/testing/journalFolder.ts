import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { ManualClock } from '../../testing/ManualClock.ts';
import { Journal } from '../Journal.ts';

/** A journal in a folder of its own, which can be closed and opened again. */
export class JournalFolder {
  readonly clock = new ManualClock();
  readonly file: string;
  journal: Journal;

  constructor(t: TestContext) {
    const folder = mkdtempSync(join(tmpdir(), 'kubenova-journal-'));
    this.file = join(folder, 'journal.db');
    this.journal = this.open();
    t.after(() => {
      this.journal.close();
      rmSync(folder, { recursive: true });
    });
  }

  open(clusterId = 'cluster-1'): Journal {
    const { file, clock } = this;
    return Journal.open({ file, clusterId, clock, createUuid: randomUUID });
  }

  reopen(): Journal {
    this.journal.close();
    this.journal = this.open();
    return this.journal;
  }
}
