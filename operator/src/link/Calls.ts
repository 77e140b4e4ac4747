/**
 * Answers the Manager's live questions: at most once, each within its deadline (S8). Nothing of them is kept.
 */
import type { Call } from '@kubenova/proto';
import type { Logger } from '../log/logger.ts';
import type { Clock } from './clock.ts';
import type { FrameQueue } from './FrameQueue.ts';

/** Answers one method. An error's message goes to the asker. */
export type CallHandler = (
  payload: Uint8Array,
  signal: AbortSignal,
) => Promise<Uint8Array>;

const CHUNK_BYTES = 14 * 1024;

/** `ping` answers what it was sent: the way there and back is open. */
export const ping: CallHandler = async payload => payload;

export class Calls {
  readonly #handlers: ReadonlyMap<string, CallHandler>;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(options: {
    handlers: Record<string, CallHandler>;
    clock: Clock;
    logger: Logger;
  }) {
    this.#handlers = new Map(Object.entries(options.handlers));
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /** Resolves when the answer, or the error in its place, is on its way. */
  async answer(
    call: Call,
    queue: FrameQueue,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const answer = await this.#handle(call, signal);
      await sendInChunks(call.id, answer, queue);
    } catch (error) {
      const { method } = call;
      this.#logger.warn('call failed', { method, error });
      queue.push({
        case: 'callChunk',
        value: {
          id: call.id,
          last: true,
          error: error instanceof Error ? error.message : String(error),
        },
      });
    }
  }

  async #handle(call: Call, signal: AbortSignal): Promise<Uint8Array> {
    const handler = this.#handlers.get(call.method);
    if (!handler) {
      throw new Error(
        `This operator does not know the method ${call.method}. A newer release may.`,
      );
    }
    const deadline = new AbortController();
    const cancel = this.#clock.after(call.deadlineMs, () =>
      deadline.abort(
        new Error(`There was no answer within ${call.deadlineMs} ms.`),
      ),
    );
    const limit = AbortSignal.any([signal, deadline.signal]);
    try {
      return await Promise.race([
        handler(call.payload, limit),
        rejectOnAbort(limit),
      ]);
    } finally {
      cancel();
    }
  }
}

async function sendInChunks(
  id: string,
  answer: Uint8Array,
  queue: FrameQueue,
): Promise<void> {
  const count = Math.max(1, Math.ceil(answer.byteLength / CHUNK_BYTES));
  for (let index = 0; index < count; index++) {
    const payload = answer.subarray(
      index * CHUNK_BYTES,
      (index + 1) * CHUNK_BYTES,
    );
    await queue.send({
      case: 'callChunk',
      value: { id, index, payload, last: index === count - 1 },
    });
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), {
      once: true,
    });
    if (signal.aborted) {
      reject(signal.reason);
    }
  });
}
