import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { replayable } from './replayable.ts';

describe('ingests to be replayed', () => {
  it('are those that move the acknowledged sequence, whose guard holds each time', () => {
    const ingest = [
      'SET LOCAL lock_timeout = 3000',
      "UPDATE links SET acked_seq = '9', stale = false\n WHERE cluster_id = 'c' AND epoch = '2' AND acked_seq = '7'\n RETURNING acked_seq",
      'INSERT INTO states VALUES (1)',
    ];
    const other = ["UPDATE links SET epoch = epoch + 1 WHERE acked_seq = '7'"];
    assert.deepEqual(
      replayable([{ statements: ingest }, { statements: other }]),
      [
        {
          statements: [
            ingest[0],
            "UPDATE links SET acked_seq = links.acked_seq, stale = false\n WHERE cluster_id = 'c' AND epoch = '2' AND links.acked_seq = links.acked_seq\n RETURNING acked_seq",
            ingest[2],
          ],
        },
      ],
    );
  });

  it('write states that are not newer than those that are there', () => {
    const [{ statements }] = replayable([
      {
        statements: [
          "UPDATE links SET acked_seq = '9' WHERE acked_seq = '7'",
          'UPDATE deployments AS known SET health = told.health FROM told WHERE known.id = told.id AND known.status_position < told.position',
        ],
      },
    ]);
    assert.match(statements[1], /WHERE known\.id = told\.id AND true$/);
  });

  it('have their guard loosened where it compares with a list of sequences', () => {
    const statement = [
      'WITH mine AS (SELECT batches.* FROM links JOIN batches USING (cluster_id)',
      'WHERE links.epoch = batches.epoch AND links.acked_seq = batches.from_seq FOR UPDATE)',
      'UPDATE links SET',
      '  acked_seq = mine.to_seq FROM mine',
      'WHERE links.cluster_id = mine.cluster_id AND links.acked_seq = mine.from_seq RETURNING 1',
    ].join('\n');
    const [{ statements }] = replayable([{ statements: [statement] }]);
    assert.doesNotMatch(statements[0], /from_seq/);
    assert.match(statements[0], /SET acked_seq = links\.acked_seq FROM/);
  });
});
