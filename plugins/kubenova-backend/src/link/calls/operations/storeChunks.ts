import { Knex } from 'knex';
import { ANSWERS_CHANNEL } from './channels';

/** A part of an answer as it came. */
export interface AnswerChunk {
  callId: string;
  index: number;
  /** A compact JWE; empty where error is set. */
  jwe: Uint8Array;
  last: boolean;
  error?: string;
}

/**
 * Writes parts of answers for those who asked, and nudges them. Parts of calls that another epoch has, whose deadline is over, or that
 * nobody waits for any more are left out: what was promised as unknown stays unknown.
 *
 * The link row is locked against a takeover for as long as the statement takes, so that no part is written by a session that was fenced.
 */
export async function storeChunks(
  db: Knex,
  options: {
    clusterId: string;
    epoch: number;
    chunks: readonly AnswerChunk[];
  },
): Promise<void> {
  const { chunks } = options;
  await db.raw(
    `WITH mine AS (
       SELECT cluster_id FROM links WHERE cluster_id = :clusterId AND epoch = :epoch FOR SHARE
     ), stored AS (
       INSERT INTO call_chunks (call_id, index, jwe, last, error)
       SELECT chunk.* FROM mine, unnest(
           CAST(:callIds AS uuid[]), CAST(:indexes AS int[]), CAST(:jwes AS bytea[]), CAST(:lasts AS boolean[]), CAST(:errors AS text[])
         ) AS chunk(call_id, index, jwe, last, error)
       JOIN calls ON calls.id = chunk.call_id AND calls.claimed_epoch = :epoch AND calls.deadline > clock_timestamp()
       RETURNING call_id
     )
     SELECT pg_notify(:channel, CAST(call_id AS text)) FROM (SELECT DISTINCT call_id FROM stored) told`,
    {
      clusterId: options.clusterId,
      epoch: options.epoch,
      callIds: chunks.map(({ callId }) => callId),
      indexes: chunks.map(({ index }) => index),
      jwes: chunks.map(({ jwe }) => Buffer.from(jwe)),
      lasts: chunks.map(({ last }) => last),
      errors: chunks.map(({ error }) => error ?? null),
      channel: ANSWERS_CHANNEL,
    },
  );
}
