/** A response, as far as it tells that nobody waits for it any more. */
interface ClosableResponse {
  readonly writableFinished: boolean;
  once(event: 'close', listener: () => void): unknown;
}

/** Fires when the client has gone away before it was answered. */
export function signalOf(res: ClosableResponse): AbortSignal {
  const gone = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) {
      gone.abort(new Error('The client has gone away'));
    }
  });
  return gone.signal;
}
