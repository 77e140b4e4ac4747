import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OperatorEvent, OperatorEventBody } from '../link/types.ts';
import { ManualClock } from '../link/testing/ManualClock.ts';
import { Reports } from './Reports.ts';

function applied(generation: number): OperatorEventBody {
  return {
    case: 'applyResult',
    value: {
      key: 'tenants/acme',
      uid: 'u',
      generation,
      outcome: 'Applied',
      message: '',
    },
  };
}

describe('reports', () => {
  function start() {
    const put: OperatorEvent[] = [];
    const reports = new Reports({
      events: { put: event => put.push(event) },
      clock: new ManualClock(),
    });
    return { put, reports };
  }

  it('put a state once, however often it is seen', () => {
    const { put, reports } = start();
    reports.report('a', applied(1));
    reports.report('a', applied(1));
    reports.report('a', applied(2));
    assert.deepEqual(
      put.map(({ body }) => body),
      [applied(1), applied(2)],
    );
  });

  it('put all that holds again for a snapshot, and nothing that ended', () => {
    const { put, reports } = start();
    reports.report('a', applied(1));
    reports.conclude('b', applied(2));
    put.length = 0;
    reports.repeat({ wants: () => true });
    assert.deepEqual(
      put.map(({ key }) => key),
      ['a'],
    );
  });

  it('put again only what is asked for', () => {
    const { put, reports } = start();
    reports.report('a', applied(1));
    reports.report('b', applied(2));
    put.length = 0;
    reports.repeat({ wants: key => key === 'b' });
    assert.deepEqual(
      put.map(({ key }) => key),
      ['b'],
    );
  });
});
