import { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import { Knex } from 'knex';
import { AnswerReader, WINDOW_CHUNKS } from './AnswerReader';
import { deleteCall } from './operations/deleteCall';
import { insertCall } from './operations/insertCall';
import { CallState, takeChunks } from './operations/takeChunks';
import { RecipientKey } from './RecipientKey';
import { CallAnswer, CallOutcome, CallRequest, Calls } from './types';
import { Wakers } from './Wakers';

const MAX_PAYLOAD_BYTES = 1024 * 1024;
const MAX_ANSWER_BYTES = 1024 * 1024;
const NEVER_ENDED =
  'The operator was asked and its answer did not come to an end';

/**
 * Asks operators through the database, where whichever replica holds the link finds the question (S8).
 *
 * 1. The row is there for as long as somebody waits. It is deleted once, however the call ends; that tells the session to stop.
 * 2. Whether the question was sent is decided by the claim on its row, and in doubt it counts as sent: `not_connected` and `unsupported`
 *    promise that nothing happened, `unknown` does not.
 * 3. The deadline is the database's. This clock only decides when to look.
 */
export class DatabaseCalls implements Calls {
  readonly #db: Knex;
  readonly #wakers: Wakers;
  readonly #createUuid: () => string;
  readonly #pollMs: number;
  readonly #silenceMs: number;
  readonly #logger: LoggerService;

  constructor(options: {
    db: Knex;
    wakers: Wakers;
    createUuid(): string;
    /** Between two looks for an answer that no NOTIFY told of. */
    pollMs: number;
    silenceMs: number;
    logger: LoggerService;
  }) {
    this.#db = options.db;
    this.#wakers = options.wakers;
    this.#createUuid = options.createUuid;
    this.#pollMs = options.pollMs;
    this.#silenceMs = options.silenceMs;
    this.#logger = options.logger;
  }

  async *call(
    request: CallRequest,
  ): AsyncGenerator<Uint8Array, CallOutcome, void> {
    request.signal?.throwIfAborted();
    const id = this.#createUuid();
    const key = new RecipientKey();
    const waker = this.#wakers.add(id); // before the question is there, or its answer could be missed
    let deleted = false;
    const end = () => {
      deleted = true;
      return deleteCall(this.#db, id);
    };
    try {
      const inserted = await this.#insert(request, { id, key });
      if (!inserted.written) {
        deleted = true; // it never was there
        return { outcome: 'not_connected', since: inserted.since };
      }
      const answer = new AnswerReader({ db: this.#db, id, key });
      for (;;) {
        const seen = await takeChunks(this.#db, id);
        const { state } = seen;
        const outcome = yield* answer.read(seen.chunks);
        if (outcome) {
          return outcome;
        }
        if (state !== 'waiting' && state !== 'sent') {
          return endWithout(state, await end());
        }
        await waker.sleep(
          Math.min(this.#pollMs, seen.remainingMs),
          request.signal,
        );
        request.signal?.throwIfAborted();
      }
    } finally {
      this.#wakers.delete(id);
      if (!deleted) {
        await end().catch(error =>
          this.#logger.warn(
            'A call that nobody waits for any more stays until it is swept',
            toError(error),
          ),
        );
      }
    }
  }

  async ask(request: CallRequest): Promise<CallAnswer> {
    const parts: Uint8Array[] = [];
    let bytes = 0;
    const answer = this.call(request);
    for (;;) {
      const next = await answer.next();
      if (next.done) {
        return next.value.outcome === 'answered'
          ? { outcome: 'answered', answer: Buffer.concat(parts) }
          : next.value;
      }
      parts.push(next.value);
      bytes += next.value.byteLength;
      if (bytes > MAX_ANSWER_BYTES) {
        await answer.return({ outcome: 'answered' });
        return {
          outcome: 'failed',
          message: `The answer is larger than ${MAX_ANSWER_BYTES} bytes`,
        };
      }
    }
  }

  async #insert(
    request: CallRequest,
    { id, key }: { id: string; key: RecipientKey },
  ) {
    const { payload = new Uint8Array() } = request;
    if (payload.byteLength > MAX_PAYLOAD_BYTES) {
      throw new Error(
        `The question is larger than ${MAX_PAYLOAD_BYTES} bytes: ${payload.byteLength}`,
      );
    }
    return insertCall(this.#db, {
      id,
      clusterId: request.clusterId,
      method: request.method,
      payload,
      recipientKey: key.publicKey,
      deadlineMs: request.deadlineMs,
      upToIndex: WINDOW_CHUNKS - 1,
      silenceMs: this.#silenceMs,
    });
  }
}

function endWithout(
  state: Exclude<CallState, 'waiting' | 'sent'>,
  deleted: { wasSent: boolean; silentSince?: Date },
): CallOutcome {
  switch (state) {
    case 'unsupported':
      return { outcome: 'unsupported' };
    case 'lost':
      return {
        outcome: 'unknown',
        message: `${NEVER_ENDED}, because its session ended`,
      };
    case 'expired':
    case 'gone':
      return deleted.wasSent
        ? { outcome: 'unknown', message: `${NEVER_ENDED} in time` }
        : { outcome: 'not_connected', since: deleted.silentSince };
    default:
      throw new Error(`Unknown state ${state satisfies never}`);
  }
}
