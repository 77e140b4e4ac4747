/**
 * One HTTP/2 connection to the Manager.
 *
 * Each session dials its own: a connection that is reused would lead back to the replica that just drained (S4).
 */
import { createClient, type Client } from '@connectrpc/connect';
import {
  createGrpcTransport,
  Http2SessionManager,
} from '@connectrpc/connect-node';
import { LinkService } from '@kubenova/proto';

const MAX_FRAME_BYTES = 4 * 1024 * 1024;
const STREAM_WINDOW_BYTES = 1024 * 1024;
const CONNECTION_WINDOW_BYTES = 4 * 1024 * 1024;

export type ManagerAddress = {
  /** https://host:port */
  url: string;
  /** The only CA that is trusted, in PEM. */
  ca: string;
};

export type ManagerConnection = {
  client: Client<typeof LinkService>;
  /** Closes the connection and everything on it. */
  close(): void;
};

/** The default windows of 64 KiB carry 400 KB/s over 100 ms; a stream's window is a setting, the connection's is not. */
class WideWindowSessionManager extends Http2SessionManager {
  override async request(
    ...request: Parameters<Http2SessionManager['request']>
  ) {
    const stream = await super.request(...request);
    stream.session?.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
    return stream;
  }
}

export function dial(address: ManagerAddress): ManagerConnection {
  const sessionManager = new WideWindowSessionManager(
    address.url,
    {},
    {
      ca: address.ca,
      settings: { initialWindowSize: STREAM_WINDOW_BYTES },
    },
  );
  const transport = createGrpcTransport({
    baseUrl: address.url,
    sessionManager,
    // The library's default of 4 GiB lets five bytes claim all memory. No default timeout: it would end every session.
    readMaxBytes: MAX_FRAME_BYTES,
    writeMaxBytes: MAX_FRAME_BYTES,
  });
  return {
    client: createClient(LinkService, transport),
    close: () => sessionManager.abort(),
  };
}
