import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { Platform } from '../../environment/startPlatform.ts';

/**
 * Lets stories end the portal's backends as a crash would, start them again, and restart one after another: stories run in processes of
 * their own, and the backends belong to the harness. Orders are `POST /backend/kill`, `POST /backend/start` and `POST /backend/roll`;
 * the answer comes when it is done.
 */
export class BackendControl {
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  static async listen(platform: Platform): Promise<BackendControl> {
    const orders: Record<string, () => Promise<void>> = {
      '/backend/kill': () => platform.portal.kill(),
      '/backend/start': () => platform.portal.start(),
      '/backend/roll': () => platform.portal.rollingRestart(),
    };
    const server = createServer(async (request, response) => {
      const order = orders[request.url ?? ''];
      try {
        if (request.method !== 'POST' || !order) {
          response.writeHead(404).end();
          return;
        }
        await order();
        response.writeHead(204).end();
      } catch (error) {
        response.writeHead(500).end(String(error));
      }
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') {
      throw new Error('The control of the backend has no port');
    }
    return new BackendControl(server, `http://127.0.0.1:${address.port}`);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
