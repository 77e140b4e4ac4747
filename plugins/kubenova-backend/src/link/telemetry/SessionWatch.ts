import { ConnectRequest, ConnectResponse } from '@kubenova/proto';
import { SessionEnd } from '../session/SessionState';
import { LinkTelemetry } from './LinkTelemetry';

/**
 * Counts one session from outside, by the frames that pass: it has its link when the Welcome goes out.
 *
 * The iterables around it are no generators, for the reason that session/Outbound.ts gives.
 */
export class SessionWatch {
  readonly #telemetry: LinkTelemetry;
  readonly #monotonicMs: () => number;
  readonly #startedAtMs: number;
  #opened = false;

  constructor(options: {
    telemetry: LinkTelemetry;
    monotonicMs: () => number;
  }) {
    this.#telemetry = options.telemetry;
    this.#monotonicMs = options.monotonicMs;
    this.#startedAtMs = options.monotonicMs();
  }

  received(
    requests: AsyncIterable<ConnectRequest>,
  ): AsyncIterable<ConnectRequest> {
    return tapped(requests, ({ frame }) => this.#count(frame.case, 'receive'));
  }

  sent(
    responses: AsyncIterable<ConnectResponse>,
  ): AsyncIterable<ConnectResponse> {
    return tapped(responses, ({ frame }) => {
      this.#count(frame.case, 'transmit');
      if (frame.case === 'welcome') {
        this.#opened = true;
        this.#telemetry.sessionOpened();
      }
    });
  }

  ended({ reason }: SessionEnd): void {
    this.#telemetry.sessionEnded({
      reason,
      opened: this.#opened,
      seconds: (this.#monotonicMs() - this.#startedAtMs) / 1000,
    });
  }

  #count(type = 'unset', direction: 'receive' | 'transmit'): void {
    this.#telemetry.frame({ type, direction });
  }
}

function tapped<T>(
  iterable: AsyncIterable<T>,
  see: (value: T) => void,
): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = iterable[Symbol.asyncIterator]();
      return {
        async next() {
          const result = await iterator.next();
          if (!result.done) {
            see(result.value);
          }
          return result;
        },
        ...(iterator.return && {
          return: (value?: unknown) => iterator.return!(value),
        }),
        ...(iterator.throw && {
          throw: (error?: unknown) => iterator.throw!(error),
        }),
      };
    },
  };
}
