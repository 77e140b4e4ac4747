import { Code, ConnectError, ConnectRouter } from '@connectrpc/connect';
import { grpcHealth, LinkService } from '@kubenova/proto';
import { setTimeout as sleep } from 'node:timers/promises';

const { Health, HealthCheckResponse_ServingStatus: Status } = grpcHealth;
const WATCH_MS = 1_000;

/** gRPC health of the listener: readiness of the portal's HTTP server does not cover it. */
export function registerHealth(
  router: ConnectRouter,
  options: { ready(): boolean; signal: AbortSignal },
): void {
  const known = ['', LinkService.typeName];
  const status = () => (options.ready() ? Status.SERVING : Status.NOT_SERVING);
  router.service(Health, {
    check({ service }) {
      if (!known.includes(service)) {
        throw new ConnectError(`There is no ${service}`, Code.NotFound);
      }
      return { status: status() };
    },
    async *watch({ service }, context) {
      if (!known.includes(service)) {
        yield { status: Status.SERVICE_UNKNOWN };
        return;
      }
      const signal = AbortSignal.any([options.signal, context.signal]);
      let told: number | undefined;
      while (!signal.aborted) {
        if (told !== status()) {
          told = status();
          yield { status: told };
        }
        await sleep(WATCH_MS, undefined, { signal }).catch(() => {}); // the loop sees the signal
      }
    },
  });
}
