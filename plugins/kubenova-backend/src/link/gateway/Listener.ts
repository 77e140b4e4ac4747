import { LoggerService } from '@backstage/backend-plugin-api';
import { ConnectRouter } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { once } from 'node:events';
import {
  createSecureServer,
  Http2SecureServer,
  ServerHttp2Session,
} from 'node:http2';
import { AddressInfo, Socket } from 'node:net';
import { ListenerTls } from './tls/identity';
import {
  NodeRequest,
  NodeResponse,
  streamContextValues,
} from './streamContext';

const MIN_VERSION = 'TLSv1.2';
/** connect's own default is 4 GiB, which a five-byte prefix claims. */
const READ_MAX_BYTES = 4 * 1024 * 1024;
/** HTTP/2's default of 64 KiB allows 396 KB/s at a round trip of 100 ms. */
const STREAM_WINDOW_BYTES = 1024 * 1024;
const CONNECTION_WINDOW_BYTES = 4 * 1024 * 1024;
/** An operator has one session and, once in its life, an Enroll. */
const MAX_STREAMS = 16;
/** PING is hop by hop: it finds a dead connection; heartbeats find a dead operator. */
const PING_MS = 20_000;
/** A peer that opens a connection and does not go on. */
const HANDSHAKE_MS = 10_000;
/** A connection without streams. */
const IDLE_MS = 60_000;

/**
 * The link's listener: HTTP/2 over TLS, and HTTP/1.1 for curl.
 *
 * Node's server has neither keepalive nor an end of its connections: each connection is kept here with its ping, so that `close`
 * leaves no socket and no timer behind.
 */
export class Listener {
  readonly #server: Http2SecureServer;
  readonly #sockets = new Set<Socket>();
  readonly #connections = new Set<ServerHttp2Session>();
  readonly #logger: LoggerService;

  constructor(options: {
    tls: ListenerTls;
    /** Connections at once; further ones are closed before their handshake. */
    maxConnections: number;
    routes(router: ConnectRouter): void;
    /** Takes every request that is no RPC. */
    fallback(request: NodeRequest, response: NodeResponse): void;
    /** Ends every RPC that is still running. */
    shutdownSignal: AbortSignal;
    logger: LoggerService;
  }) {
    this.#logger = options.logger;
    this.#server = createSecureServer(
      {
        ...options.tls,
        allowHTTP1: true,
        minVersion: MIN_VERSION,
        handshakeTimeout: HANDSHAKE_MS,
        settings: {
          initialWindowSize: STREAM_WINDOW_BYTES,
          maxConcurrentStreams: MAX_STREAMS,
        },
      },
      connectNodeAdapter({
        routes: options.routes,
        fallback: options.fallback,
        grpcWeb: false,
        readMaxBytes: READ_MAX_BYTES,
        writeMaxBytes: READ_MAX_BYTES,
        acceptCompression: [], // YAML is small, and events are many: CPU is dearer than bytes
        shutdownSignal: options.shutdownSignal,
        contextValues: streamContextValues,
      }),
    );
    this.#server.maxConnections = options.maxConnections;
    this.#server.on('secureConnection', socket => this.#keepSocket(socket));
    this.#server.on('session', session => this.#keepConnection(session));
    this.#server.on('tlsClientError', error =>
      this.#logger.debug(`A TLS handshake failed: ${error.message}`),
    );
  }

  /** @throws Error where the address can't be bound. */
  async listen(address: { host: string; port: number }): Promise<number> {
    this.#server.listen(address.port, address.host);
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** Shows another certificate to whoever dials from now on. */
  useCertificate(tls: ListenerTls): void {
    this.#server.setSecureContext({ ...tls, minVersion: MIN_VERSION });
  }

  /** Takes no connection any more, and tells those that are open to open no stream (GOAWAY). */
  refuseNew(): void {
    this.#server.close();
    for (const connection of this.#connections) {
      if (!connection.destroyed) {
        connection.goaway();
      }
    }
  }

  /** Breaks off what is left, and returns when no socket is. */
  async close(): Promise<void> {
    const closed = this.#server.listening
      ? new Promise(resolve => this.#server.close(resolve))
      : Promise.resolve();
    const gone = [...this.#sockets].map(socket =>
      socket.closed ? Promise.resolve() : once(socket, 'close'),
    );
    this.#connections.forEach(connection => connection.destroy());
    this.#sockets.forEach(socket => socket.destroy());
    await Promise.all([closed, ...gone]);
  }

  #keepSocket(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  #keepConnection(session: ServerHttp2Session): void {
    this.#connections.add(session);
    session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
    session.setTimeout(IDLE_MS, () => session.close());
    const ping = setInterval(() => {
      if (!session.destroyed) {
        session.ping(error => error && session.destroy());
      }
    }, PING_MS);
    session.on('error', error =>
      this.#logger.debug(`A connection broke off: ${error.message}`),
    );
    session.once('close', () => {
      clearInterval(ping);
      this.#connections.delete(session);
    });
  }
}
