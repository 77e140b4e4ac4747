import { ConnectResponseSchema } from '@kubenova/proto';
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
import { FuzzedOperator } from './operator/FuzzedOperator.ts';

/** Throws volleys of frames at the operator, and looks at what it says, keeps and still does. */
export function operatorTests(options: FuzzOptions): void {
  describe('the operator, whatever it is sent,', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'kubenova-fuzz-'));
    const volleys = anyVolley(ConnectResponseSchema);
    let operator: FuzzedOperator;
    let start: Holdings;

    before(
      async () => {
        operator = await FuzzedOperator.start(folder);
        for (const volley of fc.sample(volleys, WARM_UP)) {
          await fire(volley);
        }
        start = await operator.holdings();
      },
      { timeout: 180_000 },
    );

    after(async () => {
      await operator.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    /** A Manager that the operator trusts sends it; an honest one is served after it. */
    async function fire(volley: Volley): Promise<void> {
      const { stream } = await operator.manager.open(volley.opening);
      volley.parts.forEach(part => stream.sendBytes(part));
      stream.finish(volley.ending);
      await operator.serveHonestly();
    }

    it('dials again, and serves an honest Manager with everything it has accepted', async () => {
      await fuzz(options, volleys, fire);
      assert.ok(operator.isAlive);
    });

    it('keeps one connection', async () => {
      await eventually(async () => operator.manager.connections <= 1);
    });

    it('keeps no socket, no stream and no timer', async () => {
      let grown: object = {};
      await eventually(
        async () => {
          grown = grownResources(await operator.holdings(), start);
          return Object.keys(grown).length === 0;
        },
        () => grown,
      );
    });

    it('takes no more memory than before', async () => {
      const now = await operator.holdings();
      assert.ok(
        isWithinHeap(now, start),
        `${start.heapUsed} bytes before, ${now.heapUsed} after`,
      );
    });
  });
}
