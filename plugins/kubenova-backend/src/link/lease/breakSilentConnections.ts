import { Knex } from 'knex';
import { Socket } from 'node:net';

/** What is used of a pg client: whether it waits for an answer, and what it waits on. */
interface DatabaseConnection {
  readyForQuery: boolean;
  connection: { stream: Socket };
}

/** What is used of knex's pool, whose type is not public. */
interface ConnectionPool {
  on(
    event: 'acquireSuccess',
    listener: (eventId: number, connection: DatabaseConnection) => void,
  ): void;
  removeListener(
    event: 'acquireSuccess',
    listener: (eventId: number, connection: DatabaseConnection) => void,
  ): void;
}

/**
 * Breaks connections to Postgres on which an answer does not come for so long. Returns how to stop watching.
 *
 * The limits of a transaction are the server's: where the network swallows everything, its answer, or that it gave up, never comes, and
 * neither the driver nor the pool stops waiting, for a COMMIT not even where a query has a timeout. The operating system does after a
 * quarter of an hour. Until then, renewals would hang, and a replica that can reach Postgres again would not know (S3). A connection
 * that is broken fails what waits on it, and the pool makes another one. To be longer than any limit of the server's.
 */
export function breakSilentConnections(db: Knex, afterMs: number): () => void {
  const pool: ConnectionPool = db.client.pool;
  const watched = new Map<Socket, { silent(): void; closed(): void }>();
  const acquired = (_eventId: number, connection: DatabaseConnection) => {
    const { stream } = connection.connection;
    if (watched.has(stream)) {
      return;
    }
    const silent = () => {
      if (!connection.readyForQuery) {
        stream.destroy(
          new Error(`Postgres has not answered for ${afterMs / 1_000} s`),
        );
      }
    };
    const closed = () => watched.delete(stream);
    watched.set(stream, { silent, closed });
    stream.setTimeout(afterMs, silent);
    stream.once('close', closed);
  };
  pool.on('acquireSuccess', acquired);
  return () => {
    pool.removeListener('acquireSuccess', acquired);
    for (const [stream, { silent, closed }] of watched) {
      stream.setTimeout(0).off('timeout', silent).off('close', closed);
    }
  };
}
