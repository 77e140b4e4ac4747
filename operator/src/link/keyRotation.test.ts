import { Code, ConnectError } from '@connectrpc/connect';
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { OperatorKey } from './OperatorKey.ts';
import { OperatorKeys } from './OperatorKeys.ts';
import { eventually } from './testing/eventually.ts';
import { MemoryKeyStore } from './testing/MemoryKeyStore.ts';
import { ScriptedManager } from './testing/ScriptedManager.ts';
import { TestOperator } from './testing/TestOperator.ts';

/** A Manager, and operators that are started one after another on the same store of keys. */
async function withStore(t: TestContext) {
  const manager = await ScriptedManager.start();
  const store = new MemoryKeyStore({ present: OperatorKey.generate() });
  let operator: TestOperator | undefined;
  const stop = async () => {
    await operator?.stop();
    operator = undefined;
  };
  t.after(async () => {
    await stop();
    await manager.until(() => manager.connections === 0);
    await manager.stop();
  });
  return {
    manager,
    store,
    /** Starts an operator in the place of the one before. It finds its token used up, so that only its keys count. */
    async start(refusedPauseMs?: number): Promise<TestOperator> {
      await stop();
      if (manager.sessions.length > 0) {
        manager.enrolError = new ConnectError('used', Code.PermissionDenied);
      }
      const keys = await OperatorKeys.open(store);
      operator = new TestOperator({ manager, keys, refusedPauseMs });
      return operator;
    },
    present: () => store.stored!.present.fingerprint(),
    next: () => store.stored!.next?.fingerprint(),
  };
}

async function rotate(manager: ScriptedManager, id = 'rotation-1') {
  const session = await manager.session(Math.max(1, manager.sessions.length));
  session.send({ case: 'rotateKey', value: { id } });
  return session;
}

describe('a key that the Manager asks for', { timeout: 20_000 }, () => {
  it('is stored before it is announced, opens the next session, and takes the present one`s place', async t => {
    const { manager, start, present, next } = await withStore(t);
    await start();
    const first = await manager.session(1);
    assert.ok(first.hello.capabilities.includes('key-rotation'));
    const old = present();
    await rotate(manager);
    const announced = await first.frame('newKey');
    assert.equal(announced.id, 'rotation-1');

    await manager.session(2);
    await eventually(() => next() === undefined);
    assert.notEqual(present(), old);
    assert.equal(
      present(),
      Buffer.from(announced.publicKey).toString('base64'),
    );
    assert.deepEqual(manager.keys, { present: present() });
    await start();
    await manager.session(3);
  });

  it('is the same one when it is asked for again', async t => {
    const { manager, start } = await withStore(t);
    manager.plan({ loseNewKey: true });
    await start();
    const session = await manager.session(1);
    await rotate(manager, 'rotation-1');
    await rotate(manager, 'rotation-2');
    await session.until(() => session.frames('newKey').length === 2);
    const [one, two] = session.frames('newKey');
    assert.deepEqual(one.publicKey, two.publicKey);
    assert.equal(two.id, 'rotation-2');
  });

  it('that the Manager never learned of is followed by the present one at once, and announced again', async t => {
    const { manager, start, present, next } = await withStore(t);
    manager.plan({ loseNewKey: true });
    const operator = await start();
    const first = await rotate(manager);
    await first.frame('newKey');
    const old = present();
    const made = next();
    manager.cut();

    // The next key is refused, the present one opens the session; no pause of a refused operator lies between.
    await manager.session(2);
    assert.equal(manager.attempts, 3);
    assert.equal(operator.state.condition().status, 'True');
    assert.equal(present(), old);
    manager.cut();
    await manager.session(3);
    assert.equal(manager.attempts, 4, 'the key that is known goes first now');

    await rotate(manager, 'rotation-2');
    await manager.session(4);
    await eventually(() => present() === made);
  });
});

describe(
  'an operator that ends while its key is replaced',
  { timeout: 20_000 },
  () => {
    for (const written of [false, true]) {
      const when = written ? 'after' : 'before';

      it(`${when} the next key is stored, comes back with a key that is known`, async t => {
        const { manager, store, start, present } = await withStore(t);
        await start();
        const first = await manager.session(1);
        const old = present();
        store.stop = { at: 1, written };
        await rotate(manager);
        await first.until(() => first.over);
        assert.equal(first.frames('newKey').length, 0);

        await start();
        await manager.until(() =>
          manager.sessions.some(
            each => each.hello.processInstance !== first.hello.processInstance,
          ),
        );
        assert.deepEqual(manager.keys, { present: old });
        await rotate(manager, 'rotation-2');
        await manager.until(() => manager.keys.present !== old);
        await eventually(() => present() === manager.keys.present);
      });

      it(`${when} the new key is the present one in the store, comes back with it`, async t => {
        const { manager, store, start, present, next } = await withStore(t);
        await start();
        await manager.session(1);
        store.stop = { at: 2, written };
        await rotate(manager);
        const second = await manager.session(2);
        await eventually(() => store.writes === 2);

        await start();
        await manager.until(() =>
          manager.sessions.some(
            each => each.hello.processInstance !== second.hello.processInstance,
          ),
        );
        await eventually(() => next() === undefined);
        assert.deepEqual(manager.keys, { present: present() });
      });
    }

    it('after it announced the key, and before it dialled, comes back with it', async t => {
      const { manager, start, present, next } = await withStore(t);
      manager.plan({ loseNewKey: true });
      await start();
      const first = await rotate(manager);
      await first.frame('newKey');
      await start();
      await manager.until(() => manager.sessions.length === 2);
      const second = await manager.session(2);
      second.send({ case: 'rotateKey', value: { id: 'rotation-1' } });
      const made = next();
      await manager.session(3);
      await eventually(() => present() === made);
    });
  },
);

describe('a key that was revoked', { timeout: 20_000 }, () => {
  it('is followed by a new one as soon as the cluster is joined anew, and by none before', async t => {
    const { manager, start, present, next } = await withStore(t);
    const operator = await start(20);
    await manager.session(1);
    const old = present();
    manager.revokeKeys();
    manager.cut();
    const enrolments = manager.enrolments.length;
    await manager.until(() => manager.attempts >= 4);
    assert.equal(operator.state.condition().reason, 'Unauthenticated');
    assert.equal(next(), undefined);
    assert.equal(manager.enrolments.length, enrolments);

    operator.joinAnew('token-2');
    await manager.session(2);
    const enrolled = manager.enrolments.slice(enrolments);
    assert.deepEqual(
      enrolled.map(({ joinToken }) => joinToken),
      ['token-2'],
    );
    assert.notEqual(present(), old);
    assert.deepEqual(manager.keys, { present: present() });
  });

  it('is followed by a new one at once where the operator is started with another token', async t => {
    const { manager, start, present } = await withStore(t);
    const operator = await start();
    await manager.session(1);
    const old = present();
    manager.revokeKeys();
    operator.joinAnew('token-2');
    // The pause of a refused operator would be longer than this test may take.
    manager.cut();
    await manager.session(2);
    assert.notEqual(present(), old);
  });

  it('does not have the Manager asked again and again with a token that it refused', async t => {
    const { manager, start } = await withStore(t);
    const operator = await start(20);
    await manager.session(1);
    manager.revokeKeys();
    manager.enrolError = new ConnectError('expired', Code.PermissionDenied);
    operator.joinAnew('token-2');
    manager.cut();
    const { attempts } = manager;
    await manager.until(() => manager.attempts >= attempts + 8);
    assert.equal(
      manager.enrolments.filter(each => each.joinToken === 'token-2').length,
      1,
    );
  });
});
