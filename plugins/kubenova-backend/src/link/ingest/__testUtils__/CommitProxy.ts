import knexFactory, { Knex } from 'knex';
import { once } from 'node:events';
import { AddressInfo, connect, createServer, Server, Socket } from 'node:net';

/** The tag with which Postgres says that a COMMIT is done. */
const COMMITTED = Buffer.from('COMMIT\0');

/**
 * A TCP proxy before the test's Postgres that loses what Postgres says to one COMMIT: it is done, and who asked for it never knows. A
 * connection is named by its port as Postgres sees it (`inet_client_port()`).
 */
export class CommitProxy {
  /** Settings of a connection through the proxy. */
  readonly connection: Knex.PgConnectionConfig;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;
  readonly #losing: Map<number, () => void>;

  static async start(direct: Knex): Promise<CommitProxy> {
    const { connectionSettings } = direct.client;
    const sockets = new Set<Socket>();
    const losing = new Map<number, () => void>();
    const server = createServer(near => {
      const far = connect(connectionSettings.port, connectionSettings.host);
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on('error', () => {}); // 'close' follows
      }
      join(near, far, losing);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const connection = {
      ...connectionSettings,
      password: connectionSettings.password, // not enumerable
      host: '127.0.0.1',
      port,
    };
    return new CommitProxy({ connection, server, sockets, losing });
  }

  private constructor(options: {
    connection: Knex.PgConnectionConfig;
    server: Server;
    sockets: Set<Socket>;
    losing: Map<number, () => void>;
  }) {
    this.connection = options.connection;
    this.#server = options.server;
    this.#sockets = options.sockets;
    this.#losing = options.losing;
  }

  /** A pool through the proxy. */
  connect(): Knex {
    return knexFactory({ client: 'pg', connection: this.connection });
  }

  /** Resolves when the next COMMIT of a connection is done; from then on the connection is broken. */
  async loseCommit(port: number): Promise<void> {
    await new Promise<void>(resolve => {
      this.#losing.set(port, resolve);
    });
  }

  async stop(): Promise<void> {
    this.#sockets.forEach(socket => socket.destroy());
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function join(
  near: Socket,
  far: Socket,
  losing: Map<number, () => void>,
): void {
  near.on('data', data => far.write(data));
  near.on('close', () => far.destroy());
  far.on('close', () => near.destroy());
  far.on('data', data => {
    const lost = losing.get(far.localPort ?? 0);
    if (lost && data.includes(COMMITTED)) {
      losing.delete(far.localPort ?? 0);
      lost();
      near.destroy();
    } else {
      near.write(data);
    }
  });
}
