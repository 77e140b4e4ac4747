import { Knex } from 'knex';

/**
 * A transaction with the limits of E4: a replica that is paused in it (a suspended machine, a stopped process) must not hold a link's
 * row for good, or no other replica could take the link over.
 *
 * The limits are set by the transaction itself rather than by the connection or the role. So they hold in the pool that the plugin
 * shares, and through poolers that hand a connection to a different client after each transaction.
 */
export async function limitedTransaction<T>(
  db: Knex,
  run: (tx: Knex.Transaction) => Promise<T>,
): Promise<T> {
  return db.transaction(async tx => {
    // Without bindings the driver sends the three in one round trip.
    await tx.raw(
      "SET LOCAL idle_in_transaction_session_timeout = '5s'; SET LOCAL lock_timeout = '3s'; SET LOCAL statement_timeout = '10s'",
    );
    return run(tx);
  });
}
