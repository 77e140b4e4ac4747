import { ConnectRequestSchema } from '@kubenova/proto';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { anyVolley, type Volley } from './arbitraries/volleys.ts';
import { eventually } from './eventually.ts';
import { fuzz, WARM_UP, type FuzzOptions } from './fuzz.ts';
import { grownResources, isWithinHeap, type Holdings } from './holdings.ts';
import { FuzzedManager } from './manager/FuzzedManager.ts';
import type { StreamEnd } from './manager/RawStream.ts';

/** Statuses of gRPC that docs/protocol.md has for the end of a session. */
const DOCUMENTED = new Map([
  [0, 'OK'],
  [3, 'INVALID_ARGUMENT'],
  [4, 'DEADLINE_EXCEEDED'],
  [6, 'ALREADY_EXISTS'],
  [7, 'PERMISSION_DENIED'],
  [8, 'RESOURCE_EXHAUSTED'],
  [9, 'FAILED_PRECONDITION'],
  [10, 'ABORTED'],
  [14, 'UNAVAILABLE'],
  [16, 'UNAUTHENTICATED'],
]);
/** Pairs of a hostile and an honest operator, which take turns: a cluster may not open as many sessions as one would need. */
const PAIRS = 8;

/** Throws volleys of frames at the Manager, and looks at what it says, keeps and still does. */
export function managerTests(options: FuzzOptions): void {
  describe('the Manager, whatever it is sent,', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'kubenova-fuzz-'));
    const volleys = anyVolley(ConnectRequestSchema);
    let manager: FuzzedManager;
    let start: Holdings;
    let turn = 0;

    before(
      async () => {
        manager = await FuzzedManager.start(folder, 2 * PAIRS);
        for (const volley of fc.sample(volleys, WARM_UP)) {
          await fire(volley);
        }
        start = await manager.holdings();
      },
      { timeout: 180_000 },
    );

    after(async () => {
      await manager.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    function nextPair() {
      turn += 1;
      const index = turn % PAIRS;
      const { operators } = manager;
      return { hostile: operators[index], honest: operators[PAIRS + index] };
    }

    /** An operator whose key is good sends it; another one has a record acknowledged after it. */
    async function fire(volley: Volley): Promise<void> {
      const { hostile, honest } = nextPair();
      const stream = await hostile.open(volley.opening);
      volley.parts.forEach(part => stream.sendBytes(part));
      stream.finish(volley.ending);
      const end = await stream.ended();
      stream.close();
      assert.ok(
        isDocumented(end, volley),
        `It ended with ${JSON.stringify(end)}`,
      );
      await honest.sendRecord();
    }

    it('ends the stream with a documented code, and goes on to serve others', async () => {
      await fuzz(options, volleys, fire);
      assert.ok(manager.isAlive);
    });

    it('lets the operators that sent it open sessions again', async () => {
      for (const hostile of manager.operators.slice(0, PAIRS)) {
        (await hostile.open('open')).close();
      }
    });

    it('loses nothing that it has acknowledged', async () => {
      for (const { cluster, acknowledged } of manager.operators.slice(PAIRS)) {
        assert.equal(await manager.records(cluster.id), acknowledged);
      }
    });

    it('keeps no session', async () => {
      await eventually(async () => (await manager.openSessions()) === 0);
    });

    it('keeps no socket, no stream and no timer', async () => {
      let grown: object = {};
      await eventually(
        async () => {
          grown = grownResources(await manager.holdings(), start);
          return Object.keys(grown).length === 0;
        },
        () => grown,
      );
    });

    it('takes no more memory than before', async () => {
      const now = await manager.holdings();
      assert.ok(
        isWithinHeap(now, start),
        `${start.heapUsed} bytes before, ${now.heapUsed} after`,
      );
    });
  });
}

/** A stream that was broken off by the sender may end in any way, and one that floods by HTTP/2's own word for that. */
function isDocumented(end: StreamEnd, { ending }: Volley): boolean {
  if (ending !== 'half-close') {
    return true;
  }
  return 'broken' in end
    ? end.broken.includes('NGHTTP2_ENHANCE_YOUR_CALM')
    : 'status' in end && DOCUMENTED.has(end.status);
}
