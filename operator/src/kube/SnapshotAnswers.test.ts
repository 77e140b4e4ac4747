import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ManualClock } from '../link/testing/ManualClock.ts';
import type { SnapshotRequest } from '../link/types.ts';
import { Reports } from './Reports.ts';
import { SnapshotAnswers } from './SnapshotAnswers.ts';

const everything: SnapshotRequest = { wants: () => true };

function start() {
  const clock = new ManualClock();
  const put: string[] = [];
  const listeners: Array<(request: SnapshotRequest) => Promise<void>> = [];
  const answers = new SnapshotAnswers({
    clock,
    snapshots: {
      onRequest(listener) {
        listeners.push(listener);
        return () => listeners.splice(0);
      },
    },
  });
  const reports = new Reports({
    clock,
    events: { put: ({ key }) => put.push(key) },
  });
  /** Lets time pass until the promise has settled, or for a while. */
  const pass = async () => {
    for (let turn = 0; turn < 20; turn++) {
      await new Promise(setImmediate);
      clock.advance(100);
    }
  };
  return { answers, reports, put, listeners, pass };
}

const gone = {
  case: 'applyResult' as const,
  value: {
    key: 'tenants/acme',
    uid: 'u',
    generation: 1,
    outcome: 'Applied' as const,
    message: '',
  },
};

describe('the answer of a room to a snapshot', () => {
  it('waits until the room has begun, and has seen everything once', async () => {
    const { answers, reports, put, listeners, pass } = start();
    let settled = false;
    let answered = false;
    const answer = listeners[0](everything).then(() => {
      answered = true;
    });
    await pass();
    answers.begin({ reports, settled: () => settled });
    await pass();
    assert.equal(answered, false);

    reports.report('apply/tenants/acme', gone);
    put.length = 0;
    settled = true;
    await pass();
    await answer;
    assert.deepEqual(put, ['apply/tenants/acme']);

    // What is being worked on later is part of every answer anyhow.
    settled = false;
    await listeners[0](everything);
    assert.equal(put.length, 2);
  });

  it('fails where the room ends before, and is asked for no more', async () => {
    const { answers, listeners } = start();
    const answer = listeners[0](everything);
    answers.end();
    await assert.rejects(answer, /before it knows what there is/);
    assert.deepEqual(listeners, []);
  });
});
