import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import { createHash } from 'node:crypto';
import { StateConflictError } from '../errors';

/** A request that may be a repetition. */
export interface RepeatableRequest {
  /** Who asks: keys of different callers have nothing to do with each other. */
  actor: string;
  /** The caller's Idempotency-Key; without one, nothing is remembered. */
  key: string | undefined;
  /** What is asked for, e.g. `POST /tenants`, and with which body. */
  operation: string;
  body: unknown;
}

const HOURS_KEPT = 24;

/**
 * Answers a repeated request with the first answer.
 *
 * 1. The key's row is written first in the transaction that does the work, so that a repetition that comes meanwhile waits for it: it
 *    then finds the answer, or, where the first one was refused and rolled back, no row, and is the first itself.
 * 2. The answer is written in the same transaction: there is no answer without the work, and no work without the answer.
 * 3. What was refused is not remembered: the caller may correct what was wrong elsewhere and repeat the same request.
 */
export class IdempotencyStore {
  readonly #clock: () => DateTime;

  constructor(options: { clock: () => DateTime }) {
    this.#clock = options.clock;
  }

  /**
   * @returns what `work` returned, or, for a repetition, what JSON made of it (dates are strings then).
   * @throws StateConflictError where the key was used for another request.
   */
  async once<T>(
    tx: Knex.Transaction,
    request: RepeatableRequest,
    work: () => Promise<T>,
  ): Promise<T> {
    if (request.key === undefined) {
      return work();
    }
    const hash = hashOf(request);
    const row = { actor: request.actor, key: request.key };
    const now = this.#clock();
    const claimed = await tx('idempotency_keys')
      .insert({
        ...row,
        request_hash: hash,
        expires_at: now.plus({ hours: HOURS_KEPT }).toJSDate(),
      })
      .onConflict(['actor', 'key'])
      .merge()
      .where('idempotency_keys.expires_at', '<=', now.toJSDate())
      .returning('key');
    if (claimed.length === 0) {
      return this.#firstAnswer(tx, row, hash);
    }
    const answer = await work();
    await tx('idempotency_keys')
      .where(row)
      .update({ answer: JSON.stringify(answer) });
    return answer;
  }

  async #firstAnswer<T>(
    tx: Knex.Transaction,
    row: { actor: string; key: string },
    hash: Buffer,
  ): Promise<T> {
    const first = await tx('idempotency_keys').where(row).first();
    if (!hash.equals(first.request_hash)) {
      throw new StateConflictError(
        'IDEMPOTENCY_KEY_REUSED',
        'This Idempotency-Key was used for another request; use a new key for each request.',
      );
    }
    return first.answer;
  }

  /** Deletes keys that have expired. */
  async deleteExpired(db: Knex): Promise<number> {
    return db('idempotency_keys')
      .where('expires_at', '<=', this.#clock().toJSDate())
      .delete();
  }
}

function hashOf(request: RepeatableRequest): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([request.operation, sorted(request.body)]))
    .digest();
}

/** The order of a JSON object's keys means nothing, so it must not make two requests differ. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, member]) => [key, sorted(member)]),
    );
  }
  return value;
}
