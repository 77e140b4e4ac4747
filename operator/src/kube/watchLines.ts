import { createInterface } from 'node:readline';
import { KubeApiError } from './KubeApiError.ts';
import type { KubeTransport } from './KubeTransport.ts';
import type { KubeObject } from './objects.ts';

export type WatchLine = {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  object: KubeObject;
};

/** How long the server keeps one watch open; then it is opened again from where it ended. */
const WATCH_SECONDS = 240;
/** A watch that outlives its time has lost its peer without a word. */
const GRACE_SECONDS = 15;

/** The lines of one watch. An ERROR line (410: too old a resourceVersion) is thrown as a KubeApiError. */
export async function* watchLines(options: {
  transport: KubeTransport;
  path: string;
  query: Record<string, string | undefined>;
  resourceVersion: string;
  signal: AbortSignal;
}): AsyncGenerator<WatchLine> {
  const overdue = AbortSignal.timeout((WATCH_SECONDS + GRACE_SECONDS) * 1000);
  const body = await options.transport.stream({
    method: 'GET',
    path: options.path,
    query: {
      ...options.query,
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: options.resourceVersion,
      timeoutSeconds: `${WATCH_SECONDS}`,
    },
    signal: AbortSignal.any([options.signal, overdue]),
  });
  try {
    for await (const line of createInterface({ input: body })) {
      const parsed = JSON.parse(line) as
        | WatchLine
        | { type: 'ERROR'; object: { code?: number } };
      if (parsed.type === 'ERROR') {
        const { code = 500 } = parsed.object;
        throw new KubeApiError(code, JSON.stringify(parsed.object));
      }
      yield parsed;
    }
  } finally {
    body.destroy();
  }
}
