import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readTransactions } from './statementLog.ts';

describe('reading the log of statements', () => {
  it('writes the parameters into the statements, over several lines and out of order', () => {
    const log = [
      '7|LOG:  statement: BEGIN;',
      '8|LOG:  statement: BEGIN;',
      '7|LOG:  execute <unnamed>: UPDATE links SET acked_seq = $2',
      '\t WHERE cluster_id = $1 AND note = $10 AND gone IS NOT $3',
      "7|DETAIL:  Parameters: $1 = 'a', $2 = '5', $3 = NULL, $10 = 'it''s, $1 = no'",
      '8|LOG:  execute p1: SELECT 1',
      '8|LOG:  statement: ROLLBACK',
      '7|LOG:  statement: COMMIT;',
    ].join('\n');
    assert.deepEqual(readTransactions(log), [
      {
        statements: [
          "UPDATE links SET acked_seq = '5'\n\t WHERE cluster_id = 'a' AND note = 'it''s, $1 = no' AND gone IS NOT NULL",
        ],
      },
    ]);
  });
});
