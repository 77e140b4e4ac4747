/**
 * One builder a cache, on the whole machine.
 *
 * The lock is a listening socket in Linux's abstract namespace, named after the cache folder. Its invariants:
 * L1. Whoever can listen on the name holds the lock; the kernel lets only one.
 * L2. The kernel frees the name when the holder's process ends, however it ends: there is no stale lock to judge.
 * L3. A waiter keeps a connection to the holder; the connection's end is the news that the lock may be free.
 */
import { createHash } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';

export type CacheLockOptions = {
  cacheDir: string;
  signal: AbortSignal;
  /** Called once when somebody else holds the lock. */
  onWait?: () => void;
};

/** Runs `work` while no other process (or other call) works under the lock of the same cache folder. */
export async function withCacheLock<T>(
  options: CacheLockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const { cacheDir, signal } = options;
  const name = await lockName(cacheDir);
  let told = false;
  for (;;) {
    signal.throwIfAborted();
    const release = await acquire(name);
    if (release) {
      try {
        return await work();
      } finally {
        await release();
      }
    }
    if (!told) {
      options.onWait?.();
      told = true;
    }
    await holderGone(name, signal);
  }
}

async function lockName(cacheDir: string): Promise<string> {
  await mkdir(cacheDir, { recursive: true });
  const hash = createHash('sha256').update(await realpath(cacheDir));
  return `\0kubenova-cache-${hash.digest('hex').slice(0, 16)}`;
}

/** Resolves with the way to release the lock, or undefined when another holds it. */
async function acquire(
  name: string,
): Promise<(() => Promise<void>) | undefined> {
  const waiters = new Set<Socket>();
  const server = createServer(socket => {
    waiters.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => waiters.delete(socket));
  });
  if (!(await listens(server, name))) {
    return undefined;
  }
  return async () => {
    const closed = new Promise(resolve => server.close(resolve));
    waiters.forEach(socket => socket.destroy());
    await closed;
  };
}

function listens(server: Server, name: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen(name, () => resolve(true));
  });
}

function holderGone(name: string, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const socket = connect(name);
    const end = () => socket.destroy();
    signal.addEventListener('abort', end, { once: true });
    // A refused connection says the same as a closed one.
    socket.on('error', () => {});
    socket.on('close', () => {
      signal.removeEventListener('abort', end);
      resolve();
    });
    socket.resume();
    if (signal.aborted) {
      end();
    }
  });
}
