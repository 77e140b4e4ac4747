/** Serves the text that Prometheus asks for, at /metrics of a port of its own. Opt-in: no listener without a port (M4). */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OperatorMetrics } from './OperatorMetrics.ts';

export class MetricsServer {
  readonly #server: http.Server;

  constructor(options: { metrics: OperatorMetrics }) {
    const { metrics } = options;
    this.#server = http.createServer(async (request, response) => {
      if (request.url !== '/metrics') {
        response.writeHead(404).end();
        return;
      }
      try {
        const text = await metrics.text();
        response.writeHead(200, { 'content-type': metrics.contentType });
        response.end(text);
      } catch {
        // As when the journal is closed at the very end.
        response.writeHead(503).end();
      }
    });
  }

  /** Resolves to the port. @throws Error where it is taken. */
  start(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, () =>
        resolve((this.#server.address() as AddressInfo).port),
      );
    });
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) {
      return;
    }
    this.#server.closeAllConnections();
    await new Promise<void>(resolve => {
      this.#server.close(() => resolve());
    });
  }
}
