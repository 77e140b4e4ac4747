import {
  createContextKey,
  createContextValues,
  ContextValues,
} from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';

/** A request as the adapter gets it, of HTTP/1.1 or 2; the package does not export the type. */
export type NodeRequest = Parameters<ReturnType<typeof connectNodeAdapter>>[0];
export type NodeResponse = Parameters<ReturnType<typeof connectNodeAdapter>>[1];

/** What the handlers know of the stream beneath a request. */
export interface StreamContext {
  remoteAddress: string;
  /** Tells the peer that its connection takes no further streams (GOAWAY); those that are open go on. */
  goAway(): void;
  /** Breaks the stream off. */
  destroy(): void;
}

export const streamContextKey = createContextKey<StreamContext>({
  remoteAddress: '',
  goAway() {},
  destroy() {},
});

export function streamContextValues(request: NodeRequest): ContextValues {
  return createContextValues().set(streamContextKey, {
    remoteAddress: request.socket?.remoteAddress ?? '',
    goAway() {
      const connection =
        'stream' in request ? request.stream.session : undefined;
      if (connection && !connection.destroyed) {
        connection.goaway();
      }
    },
    destroy() {
      if ('stream' in request) {
        request.stream.close();
      } else {
        request.destroy();
      }
    },
  });
}
