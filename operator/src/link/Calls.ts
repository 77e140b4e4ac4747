/**
 * Answers the Manager's live questions: each at most once, within its deadline and its credit (S8). Nothing of them is kept.
 */
import { Code, ConnectError } from '@connectrpc/connect';
import type { Call, CallCancel, CallCredit } from '@kubenova/proto';
import type { Logger } from '../log/logger.ts';
import { ActiveCall, type CallHandler } from './calls/ActiveCall.ts';
import type { Clock } from './clock.ts';
import type { FrameQueue } from './FrameQueue.ts';

export type { CallHandler } from './calls/ActiveCall.ts';

/** What is being answered at the same time. The Manager asks no more than that of one operator. */
export const MAX_ACTIVE_CALLS = 16;

/** `ping` answers what it was sent: the way there and back is open. */
export const ping: CallHandler = async payload => payload;

export class Calls {
  readonly #handlers: ReadonlyMap<string, CallHandler>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #active = new Map<string, ActiveCall>();

  constructor(options: {
    handlers: Record<string, CallHandler>;
    clock: Clock;
    logger: Logger;
  }) {
    this.#handlers = new Map(Object.entries(options.handlers));
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /**
   * Resolves when the answer, or the error in its place, is on its way. The signal fires when the session is over.
   *
   * @throws ConnectError where the Manager asks the same twice.
   */
  async answer(
    call: Call,
    queue: FrameQueue,
    session: AbortSignal,
  ): Promise<void> {
    const { id, method } = call;
    if (this.#active.has(id)) {
      throw new ConnectError(
        `The Manager asked the question ${id} twice.`,
        Code.InvalidArgument,
      );
    }
    const active = new ActiveCall({ call, queue, clock: this.#clock, session });
    const isTooMany = this.#active.size >= MAX_ACTIVE_CALLS;
    try {
      if (isTooMany) {
        throw new Error(
          `The operator answers ${MAX_ACTIVE_CALLS} questions already. Ask again in a moment.`,
        );
      }
      this.#active.set(id, active);
      await active.run(this.#handlerOf(method));
    } catch (error) {
      if (!session.aborted) {
        this.#logger.warn('call failed', { method, error });
        await active.fail(error);
      }
    } finally {
      if (!isTooMany) {
        this.#active.delete(id);
      }
    }
  }

  /** More of an answer may be sent. One that is over by now needs no more. */
  credit(credit: CallCredit): void {
    this.#active.get(credit.id)?.allow(credit.upToIndex);
  }

  /** Nobody waits for an answer any more. */
  cancel(cancel: CallCancel): void {
    this.#active.get(cancel.id)?.cancel();
  }

  #handlerOf(method: string): CallHandler {
    const handler = this.#handlers.get(method);
    if (!handler) {
      throw new Error(
        `This operator does not know the method ${method}. A newer release may.`,
      );
    }
    return handler;
  }
}
