import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it, type TestContext } from 'node:test';
import { DateTime } from 'luxon';
import { tenantEvent } from '../testing/TestOperator.ts';
import { Journal } from './Journal.ts';
import { JournalSpaceCondition } from './JournalSpaceCondition.ts';
import { JournalFullError, SpareRoom } from './SpareRoom.ts';
import { JournalFolder } from './testing/journalFolder.ts';

const ROW = Buffer.alloc(2_000);
const MIB = 1024 * 1024;
const mayMount = process.getuid?.() === 0;

/** A database that may not grow any more: to SQLite a full disk. */
function fullDatabase(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'kubenova-full-'));
  const db = new DatabaseSync(join(folder, 'test.db'));
  t.after(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });
  db.exec('PRAGMA journal_mode = WAL; CREATE TABLE rows (row BLOB)');
  const insert = db.prepare('INSERT INTO rows VALUES (?)');
  for (let row = 0; row < 20; row++) {
    insert.run(ROW);
  }
  const { page_count: pages } = db.prepare('PRAGMA page_count').get()!;
  db.exec(`PRAGMA max_page_count = ${pages}`);
  const fill = () => {
    for (;;) {
      insert.run(ROW);
    }
  };
  assert.throws(fill, /full/);
  return { db, folder, insert };
}

describe('a write that finds the disk full', () => {
  it('succeeds where something could be freed for it', t => {
    const { db, folder, insert } = fullDatabase(t);
    let freed = 0;
    const spare = new SpareRoom({
      db,
      file: join(folder, 'spare'),
      freeSome: () => {
        freed += 1;
        db.exec('DELETE FROM rows WHERE rowid <= 10');
        return true;
      },
    });
    spare.write(() => insert.run(ROW));
    assert.equal(freed, 1);
    assert.equal(spare.full, false);
  });

  it('fails with a sentence where nothing can be freed, and changes nothing', t => {
    const { db, folder, insert } = fullDatabase(t);
    const spare = new SpareRoom({
      db,
      file: join(folder, 'spare'),
      freeSome: () => false,
    });
    const count = () => db.prepare('SELECT count(*) AS n FROM rows').get()!.n;
    const before = count();
    assert.throws(() => spare.write(() => insert.run(ROW)), JournalFullError);
    assert.equal(count(), before);
    assert.equal(spare.full, true);

    db.exec('DELETE FROM rows');
    spare.write(() => insert.run(ROW));
    assert.equal(spare.full, false);
  });

  it('is not taken for full when it fails for another reason', t => {
    const { db, folder } = fullDatabase(t);
    const spare = new SpareRoom({
      db,
      file: join(folder, 'spare'),
      freeSome: () => assert.fail('nothing is to be freed'),
    });
    assert.throws(
      () => spare.write(() => db.exec('INSERT INTO nowhere VALUES (1)')),
      /no such table/,
    );
  });
});

/** A volume of its own, which a test can fill to the last byte. */
function mountVolume(bytes: number): string {
  const path = mkdtempSync(join(tmpdir(), 'kubenova-volume-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path]);
  return path;
}

function unmountVolume(path: string): void {
  execFileSync('umount', [path]);
  rmSync(path, { recursive: true });
}

function fillUp(path: string): string {
  const file = join(path, 'ballast');
  for (const chunk of [MIB, 64 * 1024, 4 * 1024, 1]) {
    try {
      for (;;) {
        writeFileSync(file, Buffer.alloc(chunk), { flag: 'a' });
      }
    } catch {
      // Full, to within this much.
    }
  }
  return file;
}

function put(journal: Journal, tenant: string, kind: 'state' | 'record') {
  journal.events.put({ ...tenantEvent(tenant), kind });
}

function takeAll({ events }: Journal) {
  return events.nextBatch({
    after: events.ackedSeq,
    upTo: 1_000_000,
    maxEvents: 100_000,
    maxBytes: 100_000_000,
    lifecycle: true,
  });
}

describe(
  'a journal on a full volume',
  {
    timeout: 60_000,
    skip: !mayMount && 'only root can mount a volume of its own',
  },
  () => {
    const volumes: string[] = [];
    const volume = (bytes: number) => {
      const path = mountVolume(bytes);
      volumes.push(path);
      return path;
    };
    // A journal that is still open keeps its volume busy: not before the tests have closed theirs.
    after(() => volumes.forEach(unmountVolume));

    /** A journal with 200 events, opened anew when its volume is full: its log has no room yet. */
    const startWhenFull = (t: TestContext, spareBytes: number) => {
      const parent = volume(24 * MIB);
      const folder = new JournalFolder(t, { parent, spareBytes });
      for (let index = 0; index < 200; index++) {
        put(folder.journal, `state-${index}`, 'state');
      }
      folder.journal.close();
      const ballast = fillUp(parent);
      folder.journal = folder.open();
      return { ...folder, journal: folder.journal, ballast };
    };
    const takeAndAcknowledge = (journal: Journal) => {
      takeAll(journal);
      journal.events.acknowledge(journal.events.assignedSeq);
    };

    it('without spare room could not even let go of what is acknowledged', t => {
      const { journal } = startWhenFull(t, 0);
      assert.throws(() => takeAndAcknowledge(journal), JournalFullError);
    });

    it('lets go of what is acknowledged by giving up its spare room, and gets that back', t => {
      const spareBytes = 6 * MIB;
      const { journal, file, ballast } = startWhenFull(t, spareBytes);
      takeAndAcknowledge(journal);
      assert.equal(journal.space.level().depth, 0);
      assert.equal(existsSync(`${file}-spare`), false);

      rmSync(ballast);
      put(journal, 'after', 'record');
      journal.prune();
      assert.equal(takeAll(journal).length, 1);
      assert.equal(statSync(`${file}-spare`).size, spareBytes);
    });

    it('keeps states in memory when there is no room at all, and writes them when there is', t => {
      const parent = volume(12 * MIB);
      const folder = new JournalFolder(t, { parent });
      const { journal } = folder;
      const space = new JournalSpaceCondition({ journal });
      const ballast = fillUp(parent);
      let stored = 0;
      assert.throws(() => {
        for (; stored < 100_000; stored++) {
          put(journal, `record-${stored}-${'x'.repeat(500)}`, 'record');
        }
      }, JournalFullError);
      put(journal, 'acme', 'state');
      assert.equal(space.condition().reason, 'VolumeFull');
      assert.equal(
        takeAllQuietly(journal).some(({ body }) => includes(body, 'acme')),
        false,
      );

      rmSync(ballast);
      put(journal, 'beta', 'state');
      const batch = takeAll(journal);
      assert.ok(batch.some(({ body }) => includes(body, 'acme')));
      assert.ok(batch.some(({ body }) => includes(body, 'beta')));
      assert.equal(space.condition().reason, 'Enough');
      // Nothing that was written before is gone.
      const records = batch.filter(({ body }) => includes(body, 'record-'));
      assert.equal(records.length, stored);
    });

    it('keeps the samples of an hour that it can not close, and closes it later', t => {
      const parent = volume(12 * MIB);
      const { journal } = new JournalFolder(t, { parent });
      const hour = DateTime.fromISO('2026-01-05T10:00:00Z', { zone: 'utc' });
      const meters = { pods: '1' };
      journal.samples.add({ tenant: 'acme', minute: hour, meters });
      const ballast = fillUp(parent);
      assert.throws(() => {
        for (let index = 0; index < 100_000; index++) {
          put(journal, `record-${index}-${'x'.repeat(500)}`, 'record');
        }
      }, JournalFullError);

      const closed: bigint[] = [];
      const close = () =>
        journal.samples.closeHours(hour.plus({ hours: 1 }), sampled => {
          closed.push(sampled.minutes);
          return { ...tenantEvent('usage'), kind: 'record' };
        });
      close();
      const depth = journal.space.level().depth;
      rmSync(ballast);
      close();
      assert.equal(journal.space.level().depth, depth + 1);
      assert.equal(closed.at(-1), 1n);
      const told = closed.length;
      close();
      assert.equal(closed.length, told);
    });
  },
);

function includes(body: Uint8Array, text: string): boolean {
  return Buffer.from(body).includes(text);
}

/** On a full volume not even a sequence can be given. */
function takeAllQuietly(journal: Journal) {
  try {
    return takeAll(journal);
  } catch (error) {
    assert.ok(error instanceof JournalFullError);
    return [];
  }
}
