import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Exit } from '../processes/startProcess.ts';
import { Portal } from './Portal.ts';
import type { Backend } from './startBackend.ts';

/** A portal of backends that are no processes; `said` tells what was done with them, in order. */
function fakePortal(count: number) {
  const said: string[] = [];
  const ends: Array<(exit: Exit) => void> = [];
  const startFake = (index: number): Backend => {
    said.push(`start ${index}`);
    const exited = new Promise<Exit>(resolve => {
      ends[index] = resolve;
    });
    const end = (how: string) => async () => {
      said.push(`${how} ${index}`);
      ends[index]({ code: 0, signal: undefined });
    };
    const [stop, kill] = [end('stop'), end('kill')];
    const process = { pid: index, exited, stop, kill };
    return { url: '', process, logFile: `${index}.log`, stop };
  };
  const portal = new Portal({
    url: 'http://localhost:1',
    starters: Array.from({ length: count }, (_, index) => async () => {
      return startFake(index);
    }),
    balancer: {
      process: {
        pid: 99,
        exited: new Promise<Exit>(() => {}),
        stop: async () => {},
        kill: async () => {},
      },
      logFile: 'balancer.log',
      untilAllReady: async () => void said.push('ready'),
      stop: async () => void said.push('stop balancer'),
    },
  });
  const crash = (index: number) => ends[index]({ code: 1, signal: undefined });
  return { portal, said, crash };
}

describe('the portal’s processes', () => {
  it('are started one after another, and awaited through the balancer', async () => {
    const { portal, said } = fakePortal(2);
    await portal.start();
    assert.deepEqual(said, ['start 0', 'start 1', 'ready']);
  });

  it('are replaced one by one, and none before all the others are ready', async () => {
    const { portal, said } = fakePortal(2);
    await portal.start();
    said.length = 0;
    await portal.rollingRestart();
    assert.deepEqual(said, [
      ...['stop 0', 'start 0', 'ready'],
      ...['stop 1', 'start 1', 'ready'],
    ]);
  });

  it('are started again after they were killed', async () => {
    const { portal, said } = fakePortal(2);
    await portal.start();
    await portal.kill();
    said.length = 0;
    await portal.start();
    assert.deepEqual(said, ['start 0', 'start 1', 'ready']);
  });

  it('are counted from 0 where one of them is killed', async () => {
    const { portal, said } = fakePortal(3);
    await portal.start();
    assert.deepEqual(portal.pids(), [0, 1, 2]);
    await portal.kill(1);
    assert.deepEqual(portal.pids(), [0, 2]);
    said.length = 0;
    await portal.start();
    assert.deepEqual(said, ['start 1', 'ready']);
  });

  it('are missed when one ends by itself, and not when it was told to', async () => {
    const { portal, crash } = fakePortal(2);
    await portal.start();
    let reason: string | undefined;
    const failed = portal.failed.then(sentence => {
      reason = sentence;
    });
    await portal.rollingRestart();
    await portal.kill();
    await portal.start();
    assert.equal(reason, undefined);
    crash(1);
    await failed;
    assert.equal(reason, 'The portal ended by itself; see 1.log');
  });

  it('end together, and the balancer last', async () => {
    const { portal, said } = fakePortal(2);
    await portal.start();
    said.length = 0;
    await portal.stop();
    assert.deepEqual(said, ['stop 0', 'stop 1', 'stop balancer']);
  });
});
