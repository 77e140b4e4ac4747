import { create, toBinary } from '@bufbuild/protobuf';
import { EventSchema } from '@kubenova/proto';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { tenantEvent } from '../testing/TestOperator.ts';
import { migrate } from './schema.ts';
import { JournalFolder } from './testing/journalFolder.ts';

describe('a journal', { timeout: 30_000 }, () => {
  it('keeps everything when it is opened again', t => {
    const folder = new JournalFolder(t);
    const { incarnation } = folder.journal.events;
    folder.journal.highestEpoch = 7;
    folder.journal.enrolledKey = 'key-1';
    folder.journal.events.put(tenantEvent('acme'));
    folder.journal.desiredStates.store({
      key: 'tenants/acme',
      generation: 1,
      uid: 'uid-1',
      yaml: 'kind: X',
    });

    const reopened = folder.reopen();
    assert.equal(reopened.events.incarnation, incarnation);
    assert.equal(reopened.highestEpoch, 7);
    assert.equal(reopened.enrolledKey, 'key-1');
    assert.equal(reopened.desiredStates.list().length, 1);
    assert.equal(nextBatch(reopened).length, 1);
  });

  it('is for one process at a time', t => {
    const folder = new JournalFolder(t);
    assert.throws(() => folder.open(), /Another operator has the journal/);
    folder.reopen();
  });

  it('is not opened for another cluster', t => {
    const folder = new JournalFolder(t);
    folder.journal.close();
    assert.throws(
      () => folder.open('cluster-2'),
      /belongs to cluster cluster-1/,
    );
    folder.journal = folder.open();
  });

  it('of the first release is taken over with all that is in it', t => {
    const folder = new JournalFolder(t);
    folder.journal.close();
    rmSync(folder.file);
    const db = new DatabaseSync(folder.file);
    migrate(db, 1);
    const body = toBinary(EventSchema, create(EventSchema, { key: 'k' }));
    db.exec(`
      INSERT INTO facts VALUES ('cluster_id', 'cluster-1'), ('incarnation', 'i-1'), ('acked_seq', '1'), ('assigned_seq', '2');
      INSERT INTO desired_states VALUES ('tenants/acme', 7, 'u', x'', NULL, '2020-01-01T00:00:00Z'), ('tenants/beta', 6, 'u', x'', 'y', NULL)`);
    const insert = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)');
    insert.run(1, 1, 'k', 'record', body, '2020-01-01T00:00:00Z');
    insert.run(2, 2, 'k', 'state', body, null);
    insert.run(3, null, 'k', 'state', body, null);
    db.close();

    folder.journal = folder.open();
    const { events, desiredStates, space } = folder.journal;
    assert.equal(events.incarnation, 'i-1');
    assert.equal(desiredStates.highestGeneration, 7);
    assert.equal(space.level().depth, 2);
    assert.equal(space.level().bytes, 3 * (body.byteLength + 'k'.length + 100));
    assert.equal(desiredStates.get('tenants/acme'), undefined);
    // What was kept at the change of release stays for its whole time from there.
    folder.journal.prune();
    assert.equal(desiredStates.digest().length, 2);
    assert.equal(events.resume(0), 'rewound');
    assert.equal(nextBatch(folder.journal).length, 2);
  });

  it('of a newer release is left alone', t => {
    const folder = new JournalFolder(t);
    folder.journal.close();
    const db = new DatabaseSync(folder.file);
    db.exec('PRAGMA user_version = 99');
    db.close();
    assert.throws(() => folder.open(), /written by a newer operator/);

    const again = new DatabaseSync(folder.file);
    again.exec('PRAGMA user_version = 2');
    again.close();
    folder.journal = folder.open();
  });

  it('has whatever a call had written when the process was killed', async t => {
    const folder = new JournalFolder(t);
    folder.journal.close();
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
        new URL('./testing/writeUntilKilled.ts', import.meta.url).pathname,
        folder.file,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const exited = once(child, 'exit');
    let output = '';
    child.stdout.setEncoding('utf8');
    for await (const chunk of child.stdout) {
      output += chunk;
      if (output.split('\n').length > 50) {
        break;
      }
    }
    child.kill('SIGKILL');
    await exited;

    // The lock died with its owner; a line that was cut off was not finished.
    folder.journal = folder.open();
    const told = output
      .split('\n')
      .slice(0, -1)
      .map(line => JSON.parse(line));
    const { seq, generation } = told.at(-1);
    const batch = nextBatch(folder.journal, 100_000);
    assert.deepEqual(
      batch.slice(0, seq).map(event => event.seq),
      Array.from({ length: seq }, (_, i) => i + 1),
    );
    assert.ok(
      folder.journal.desiredStates.get('tenants/acme')!.generation >=
        generation,
    );
    assert.ok(folder.journal.events.assignedSeq >= seq);
  });
});

function nextBatch(journal: JournalFolder['journal'], maxEvents = 16) {
  return journal.events.nextBatch({
    after: 0,
    upTo: 1_000_000,
    maxEvents,
    maxBytes: 100_000_000,
  });
}
