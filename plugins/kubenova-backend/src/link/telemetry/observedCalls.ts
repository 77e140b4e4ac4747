import { CallRequest, Calls } from '../calls/types';
import { LinkTelemetry } from './LinkTelemetry';

/** Live questions, each counted with what became of it; those whose whole answer is awaited are a step of a trace. */
export function observedCalls(
  calls: Calls,
  options: { telemetry: LinkTelemetry; monotonicMs: () => number },
): Calls {
  const { telemetry, monotonicMs } = options;
  /** Returns how to tell the end; an end that nobody tells was a cancellation. */
  const begin = ({ method }: CallRequest) => {
    const startedAtMs = monotonicMs();
    return (outcome: string) =>
      telemetry.called({
        method,
        outcome,
        seconds: (monotonicMs() - startedAtMs) / 1000,
      });
  };
  return {
    async *call(request) {
      const end = begin(request);
      let outcome = 'cancelled';
      try {
        const result = yield* calls.call(request);
        outcome = result.outcome;
        return result;
      } finally {
        end(outcome);
      }
    },
    ask: request =>
      telemetry.span(
        'kubenova.link.call',
        { 'rpc.method': request.method },
        async () => {
          const end = begin(request);
          let outcome = 'cancelled';
          try {
            const result = await calls.ask(request);
            outcome = result.outcome;
            return result;
          } finally {
            end(outcome);
          }
        },
      ),
  };
}
