import { rootHttpRouterServiceFactory } from '@backstage/backend-defaults/rootHttpRouter';

const REQUESTS_END_BY_MS = 2_000;

/**
 * Backstage's HTTP listener with an end to its patience. When the backend stops, Backstage waits for every open request;
 * but subscribers of the event bus are requests that stay open for a minute, the backend's own among them. By the time
 * this hook runs every plugin has already shut down, so what is cut here after a moment had nobody left to answer it.
 */
export const rootHttpRouter = rootHttpRouterServiceFactory({
  configure({ applyDefaults, server, lifecycle }) {
    applyDefaults();
    lifecycle.addShutdownHook(() => {
      setTimeout(
        () => server.closeAllConnections(),
        REQUESTS_END_BY_MS,
      ).unref();
    });
  },
});
