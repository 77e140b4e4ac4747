/**
 * Answers the kubelet's probes.
 *
 * /healthz  the process answers: nothing else makes a restart worth it.
 * /readyz   it holds the Lease, and the Manager has not refused it. A Manager that is away does not make it unready: the operator goes on
 *           repairing what the tenants have.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export type Readiness = { ready: boolean; reason: string };

export class HealthServer {
  readonly #server: http.Server;

  constructor(options: { readiness: () => Readiness }) {
    this.#server = http.createServer((request, response) => {
      const answer = answerTo(request.url ?? '', options.readiness);
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(`${JSON.stringify(answer.body)}\n`);
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
    this.#server.closeAllConnections();
    await new Promise<void>(resolve => {
      this.#server.close(() => resolve());
    });
  }
}

function answerTo(
  path: string,
  readiness: () => Readiness,
): { status: number; body: object } {
  switch (path) {
    case '/healthz':
      return { status: 200, body: { healthy: true } };
    case '/readyz': {
      const body = readiness();
      return { status: body.ready ? 200 : 503, body };
    }
    default:
      return { status: 404, body: { paths: ['/healthz', '/readyz'] } };
  }
}
