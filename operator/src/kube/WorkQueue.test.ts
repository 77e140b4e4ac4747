import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ManualClock } from '../link/testing/ManualClock.ts';
import { WorkQueue } from './WorkQueue.ts';
import type { Reconcile, Reconciled } from './WorkQueue.ts';

/** Lets everything happen that needs no time. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) {
    await Promise.resolve();
  }
}

function start(options: { reconcile: Reconcile; concurrency?: number }) {
  const clock = new ManualClock();
  const faults: unknown[] = [];
  const queue = new WorkQueue({
    concurrency: options.concurrency ?? 4,
    clock,
    onFault: (_key, error) => faults.push(error),
    random: () => 1,
  });
  const end = new AbortController();
  const ended = queue.run(options.reconcile, end.signal);
  return {
    clock,
    faults,
    queue,
    async stop() {
      end.abort();
      await ended;
    },
  };
}

function gate() {
  let open: (outcome: Reconciled) => void = () => {};
  const passed = new Promise<Reconciled>(resolve => {
    open = resolve;
  });
  return { open, passed };
}

describe('a work queue', () => {
  it('never works on one key twice at once, and looks once more at one that was added meanwhile', async () => {
    const gates = [gate(), gate()];
    let runs = 0;
    const { queue, stop } = start({ reconcile: () => gates[runs++].passed });
    queue.add('a');
    queue.add('a');
    queue.add('a');
    await settle();
    assert.equal(runs, 1);
    gates[0].open({ result: 'done' });
    await settle();
    assert.equal(runs, 2);
    gates[1].open({ result: 'done' });
    await settle();
    assert.equal(runs, 2);
    await stop();
  });

  it('works on different keys side by side, up to its limit', async () => {
    const running: string[] = [];
    const { open, passed } = gate();
    const { queue, stop } = start({
      concurrency: 2,
      reconcile: key => {
        running.push(key);
        return passed;
      },
    });
    ['a', 'b', 'c'].forEach(key => queue.add(key));
    await settle();
    assert.deepEqual(running, ['a', 'b']);
    open({ result: 'done' });
    await settle();
    assert.deepEqual(running, ['a', 'b', 'c']);
    await stop();
  });

  it('waits longer after each fault, and forgets that after a success', async () => {
    const outcomes: Array<'fault' | 'done'> = [
      'fault',
      'fault',
      'fault',
      'done',
      'fault',
    ];
    let runs = 0;
    const { clock, faults, queue, stop } = start({
      reconcile: async () => {
        if (outcomes[runs++] === 'fault') {
          throw new Error('no luck');
        }
        return { result: 'done' };
      },
    });
    queue.add('a');
    await settle();
    for (const [pause, expected] of [
      [999, 1],
      [1, 2],
      [1_999, 2],
      [1, 3],
      [4_000, 4],
    ]) {
      clock.advance(pause);
      await settle();
      assert.equal(runs, expected);
    }
    assert.equal(faults.length, 3);
    queue.add('a');
    await settle();
    clock.advance(1_000);
    await settle();
    assert.equal(runs, 6);
    await stop();
  });

  it('lets a key that waits sleep until it is added again', async () => {
    let runs = 0;
    const { clock, queue, stop } = start({
      reconcile: async () => {
        runs++;
        return { result: 'waiting' };
      },
    });
    queue.add('a');
    await settle();
    clock.advance(24 * 3_600_000);
    await settle();
    assert.equal(runs, 1);
    queue.add('a');
    await settle();
    assert.equal(runs, 2);
    await stop();
  });

  it('looks again after the time that a key asked for, or sooner when it is added', async () => {
    let runs = 0;
    const { clock, queue, stop } = start({
      reconcile: async () => {
        runs++;
        return { result: 'again', afterMs: 10_000 };
      },
    });
    queue.add('a');
    await settle();
    clock.advance(9_999);
    await settle();
    assert.equal(runs, 1);
    queue.add('a');
    await settle();
    assert.equal(runs, 2);
    clock.advance(9_999);
    await settle();
    assert.equal(runs, 2);
    clock.advance(1);
    await settle();
    assert.equal(runs, 3);
    await stop();
  });

  it('ends when what was running has ended', async () => {
    const { open, passed } = gate();
    const { queue, stop } = start({ reconcile: () => passed });
    queue.add('a');
    await settle();
    let stopped = false;
    const stopping = stop().then(() => {
      stopped = true;
    });
    await settle();
    assert.equal(stopped, false);
    open({ result: 'done' });
    await stopping;
  });
});
