import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { KubeConnection } from './connection.ts';
import { KubeApiError } from './KubeApiError.ts';

export type KubeRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string | undefined>;
  body?: unknown;
  contentType?: string;
  /** The user to act as (needs the right to impersonate). */
  as?: string;
  signal?: AbortSignal;
};

const REQUEST_TIMEOUT_MS = 30_000;

/** Requests to one API server over connections that are kept. */
export class KubeTransport {
  readonly #connection: KubeConnection;
  readonly #agent: Agent;

  constructor(connection: KubeConnection) {
    this.#connection = connection;
    this.#agent = new Agent({
      keepAlive: true,
      ca: connection.ca,
      servername: connection.servername,
      ...connection.certificate,
    });
  }

  /** The answer's body. @throws KubeApiError for every answer that is not a success. */
  async json<T>(options: KubeRequest): Promise<T> {
    return JSON.parse(await this.text(options)) as T;
  }

  async text(options: KubeRequest): Promise<string> {
    const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const signal = options.signal
      ? AbortSignal.any([options.signal, timeout])
      : timeout;
    return text(await this.stream({ ...options, signal }));
  }

  /** The answer's body as it comes; the signal also ends the reading. */
  async stream(options: KubeRequest): Promise<IncomingMessage> {
    const response = await this.#send(options);
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299) {
      throw new KubeApiError(status, await text(response));
    }
    return response;
  }

  /** Ends the kept connections. */
  close(): void {
    this.#agent.destroy();
  }

  #send(options: KubeRequest): Promise<IncomingMessage> {
    const url = new URL(options.path, this.#connection.server);
    for (const [name, value] of Object.entries(options.query ?? {})) {
      if (value !== undefined) {
        url.searchParams.set(name, value);
      }
    }
    const body =
      options.body === undefined ? undefined : JSON.stringify(options.body);
    return new Promise((resolve, reject) => {
      const sent = request(
        url,
        {
          method: options.method,
          agent: this.#agent,
          signal: options.signal,
          headers: this.#headers(options, body),
        },
        resolve,
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }

  #headers(options: KubeRequest, body?: string): Record<string, string> {
    const token = this.#connection.token?.();
    return {
      accept: 'application/json',
      'user-agent': 'kubenova-operator',
      ...(token && { authorization: `Bearer ${token}` }),
      ...(options.as && { 'impersonate-user': options.as }),
      ...(body !== undefined && {
        'content-type': options.contentType ?? 'application/json',
        'content-length': `${Buffer.byteLength(body)}`,
      }),
    };
  }
}
