/** What becomes of a journal whose volume was lost, or rolled back to an earlier day (E6, D9). */
import { Code, ConnectError } from '@connectrpc/connect';
import { fromBinary } from '@bufbuild/protobuf';
import { EventSchema } from '@kubenova/proto';
import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Journal } from './journal/Journal.ts';
import { JournalFolder } from './journal/testing/journalFolder.ts';
import { OperatorKey } from './OperatorKey.ts';
import { OperatorKeys } from './OperatorKeys.ts';
import { MemoryKeyStore } from './testing/MemoryKeyStore.ts';
import { ScriptedManager } from './testing/ScriptedManager.ts';
import { tenantEvent, TestOperator } from './testing/TestOperator.ts';

const acme = (generation: number, yaml: string) => ({
  key: 'tenants/acme',
  generation,
  uid: 'uid-1',
  yaml,
});

function put({ events }: Journal, ...tenants: string[]): void {
  for (const tenant of tenants) {
    events.put({ ...tenantEvent(tenant), kind: 'record' });
  }
}

/** Sends what there is, as `seq:tenant`. */
function send({ events }: Journal): string[] {
  return events
    .nextBatch({
      after: events.ackedSeq,
      upTo: 1_000,
      maxEvents: 1_000,
      maxBytes: 1_000_000,
    })
    .map(({ seq, body }) => {
      const event = fromBinary(EventSchema, body);
      assert.ok(event.body.case === 'tenantStatus');
      return `${seq}:${event.body.value.tenant}`;
    });
}

describe('a journal whose volume was lost', { timeout: 20_000 }, () => {
  it('begins a new incarnation with the old key, holds nothing, and takes everything again', async t => {
    const manager = await ScriptedManager.start();
    const store = new MemoryKeyStore({ present: OperatorKey.generate() });
    const start = async () =>
      new TestOperator({ manager, keys: await OperatorKeys.open(store) });
    const first = await start();
    const before = await manager.session(1);
    before.apply(acme(5, 'kind: X'));
    await before.frame('accepted');
    put(first.journal, 'reported');
    await manager.until(() => manager.committed.length === 1);
    await first.stop();

    // Its token is used up: the key in the Secret is all that it has.
    manager.enrolError = new ConnectError('used', Code.PermissionDenied);
    const second = await start();
    t.after(async () => {
      await second.stop();
      await manager.stop();
    });
    const next = await manager.session(2);
    assert.notEqual(next.hello.incarnation, before.hello.incarnation);
    assert.deepEqual(
      [
        next.hello.ackedSeq,
        next.hello.assignedSeq,
        next.hello.highestEpoch,
        next.hello.highestGeneration,
      ],
      [0n, 0n, 0n, 0n],
    );
    assert.deepEqual((await next.frame('digest')).entries, []);

    // What the Manager sends then, with the generation that it always had.
    next.apply(acme(5, 'kind: X'));
    await next.frame('accepted');
    assert.deepEqual(
      second.journal.desiredStates.get('tenants/acme'),
      acme(5, 'kind: X'),
    );
    put(second.journal, 'again');
    await manager.until(() => manager.committed.length === 2);
    assert.equal(manager.committed[1].seq, 1n);
  });
});

describe('a journal whose volume was rolled back', () => {
  it('begins a new incarnation, sends what it has, and tells the older states that it holds', t => {
    const folder = new JournalFolder(t);
    const { journal } = folder;
    const { incarnation } = journal.events;
    journal.desiredStates.store(acme(5, 'old'));
    put(journal, 'a', 'b', 'c');
    assert.deepEqual(send(journal), ['1:a', '2:b', '3:c']);
    journal.events.acknowledge(2);

    journal.close();
    copyFileSync(folder.file, `${folder.file}.backup`);
    folder.journal = folder.open();
    folder.journal.desiredStates.store(acme(6, 'new'));
    put(folder.journal, 'd', 'e');
    send(folder.journal);
    folder.journal.events.acknowledge(5);
    folder.journal.close();
    copyFileSync(`${folder.file}.backup`, folder.file);
    folder.journal = folder.open();

    const back = folder.journal;
    assert.equal(back.events.resume(5), 'reincarnated');
    assert.notEqual(back.events.incarnation, incarnation);
    // a and b were committed, c may have been: records have natural keys, so that none of them counts twice.
    assert.deepEqual(send(back), ['1:a', '2:b', '3:c']);
    const [line] = back.desiredStates.digest();
    assert.equal(line.generation, 5);
    assert.deepEqual(back.desiredStates.store(acme(6, 'new')), {
      stored: true,
    });
  });

  it('to where the Manager is, goes on as it was', t => {
    const folder = new JournalFolder(t);
    const { journal } = folder;
    const { incarnation } = journal.events;
    put(journal, 'a', 'b');
    send(journal);
    journal.close();
    copyFileSync(folder.file, `${folder.file}.backup`);
    folder.journal = folder.open();
    folder.journal.events.acknowledge(2);
    folder.journal.close();
    copyFileSync(`${folder.file}.backup`, folder.file);
    folder.journal = folder.open();

    assert.equal(folder.journal.events.resume(2), 'continued');
    assert.equal(folder.journal.events.incarnation, incarnation);
    put(folder.journal, 'c');
    assert.deepEqual(send(folder.journal), ['3:c']);
  });
});
