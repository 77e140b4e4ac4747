import knexFactory, { Knex } from 'knex';
import { once } from 'node:events';
import { AddressInfo, connect, createServer, Server, Socket } from 'node:net';

/** A pool whose connections to the test's Postgres go through a TCP proxy, which may swallow everything. */
export class PostgresProxy {
  readonly db: Knex;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;
  readonly #network: { frozen: boolean };

  static async start(direct: Knex): Promise<PostgresProxy> {
    const { connectionSettings } = direct.client;
    const sockets = new Set<Socket>();
    const network = { frozen: false };
    const server = createServer(near => {
      const far = connect(connectionSettings.port, connectionSettings.host);
      join([near, far], network);
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on('error', () => {}); // 'close' follows
      }
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const db = knexFactory({
      client: 'pg',
      log: { warn() {} }, // of each connection that breaks, which is what tests are about
      connection: {
        ...connectionSettings,
        password: connectionSettings.password, // knex hides it from enumeration
        host: '127.0.0.1',
        port: (server.address() as AddressInfo).port,
      },
    });
    return new PostgresProxy({ db, server, sockets, network });
  }

  private constructor(options: {
    db: Knex;
    server: Server;
    sockets: Set<Socket>;
    network: { frozen: boolean };
  }) {
    this.db = options.db;
    this.#server = options.server;
    this.#sockets = options.sockets;
    this.#network = options.network;
  }

  /** From now on nothing gets through, and no connection breaks: what a network does that has lost its way. */
  freeze(): void {
    this.#network.frozen = true;
  }

  /** New connections get through. Those that lost something never go on, and do not break either. */
  thaw(): void {
    this.#network.frozen = false;
  }

  async stop(): Promise<void> {
    this.#sockets.forEach(socket => socket.destroy());
    this.#server.close();
    await this.db.destroy();
  }
}

function join(
  [near, far]: [Socket, Socket],
  network: { frozen: boolean },
): void {
  let hasLost = false;
  const forward = (from: Socket, to: Socket) => {
    from.on('data', data => {
      hasLost ||= network.frozen;
      if (!hasLost) {
        to.write(data);
      }
    });
    from.on('close', () => to.destroy());
  };
  forward(near, far);
  forward(far, near);
}
