import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { API_SERVER_NAME, type Pki } from './pki.ts';

const POLL_MS = 100;
const REQUEST_TIMEOUT_MS = 2_000;

/** GET of a path as administrator; resolves to the status code, 0 when there was no answer. */
function probe(options: {
  host: string;
  port: number;
  ca: Buffer;
  cert: Buffer;
  key: Buffer;
}): Promise<number> {
  return new Promise(resolve => {
    const { host, port, ca, cert, key } = options;
    const probing = request(
      {
        host,
        port,
        ca,
        cert,
        key,
        path: '/readyz',
        servername: API_SERVER_NAME,
        agent: false,
        timeout: REQUEST_TIMEOUT_MS,
      },
      response => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    probing.on('timeout', () => probing.destroy());
    probing.on('error', () => resolve(0));
    probing.end();
  });
}

/** Resolves when the API server says that it is ready; ends with the signal's reason. */
export async function waitForApiServer(options: {
  host: string;
  port: number;
  pki: Pki;
  signal: AbortSignal;
}): Promise<void> {
  const { host, port, pki, signal } = options;
  const admin = pki.pair('admin');
  const [ca, cert, key] = await Promise.all(
    [pki.ca, admin.certificate, admin.key].map(path => readFile(path)),
  );
  for (;;) {
    signal.throwIfAborted();
    if ((await probe({ host, port, ca, cert, key })) === 200) return;
    await sleep(POLL_MS, undefined, { signal });
  }
}
