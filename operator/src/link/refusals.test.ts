import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Code, ConnectError } from '@connectrpc/connect';
import { eventually } from './testing/eventually.ts';
import { withLink } from './testing/withLink.ts';
import type { Condition } from './types.ts';

/** What the Manager says in each case; its own tests see to that. */
const REFUSALS = [
  {
    of: 'revoked',
    error: new ConnectError('The key was revoked.', Code.PermissionDenied),
    reason: 'PermissionDenied',
  },
  {
    of: 'not known',
    error: new ConnectError('No operator is enrolled.', Code.PermissionDenied),
    reason: 'PermissionDenied',
  },
  {
    of: 'that signs with another key',
    error: new ConnectError('Another key signed.', Code.Unauthenticated),
    reason: 'Unauthenticated',
  },
  {
    of: 'of another version',
    error: new ConnectError('Upgrade it.', Code.FailedPrecondition),
    reason: 'FailedPrecondition',
  },
];

describe('an operator', { timeout: 20_000 }, () => {
  for (const { of, error, reason } of REFUSALS) {
    it(`${of} says so on its condition, asks again, and is let in as soon as it may be`, async t => {
      const { manager, operator } = await withLink(
        t,
        { refusedPauseMs: 20 },
        m => [1, 2, 3].forEach(() => m.plan({ error })),
      );
      const seen: Condition[] = [];
      operator.state.onChange(() => seen.push(operator.state.condition()));
      await eventually(() => seen.length === 2);
      const [refused, linked] = seen; // further refusals say nothing new
      assert.equal(refused.type, 'Linked');
      assert.equal(refused.status, 'False');
      assert.equal(
        refused.message,
        `The Manager refused this operator: ${error.rawMessage} It asks again every 5 minutes.`,
      );

      assert.equal(refused.reason, reason);
      assert.equal(linked.status, 'True');
      assert.equal(manager.attempts, 4);
    });
  }
});
