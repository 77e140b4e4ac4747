import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { repeat } from '../lease/repeat';
import { Durability, LinkDurability } from '../types';
import { durabilityOf } from './durabilityOf';
import { readReplication } from './readReplication';

const PERIOD_MS = 60_000;

/** Looks every minute how durable what this replica acknowledges is (E6). */
export class DurabilityReader implements LinkDurability {
  readonly #db: Knex;
  readonly #logger: LoggerService;
  #current: Durability | undefined;

  constructor(options: { db: Knex; logger: LoggerService }) {
    this.#db = options.db;
    this.#logger = options.logger;
  }

  current(): Durability | undefined {
    return this.#current;
  }

  /** Runs until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    await repeat({
      periodMs: PERIOD_MS,
      signal,
      run: () => this.#look(),
      failed: error =>
        this.#logger.warn('Could not look how durable the database is', error),
    });
  }

  async #look(): Promise<void> {
    const found = durabilityOf(await readReplication(this.#db));
    if (found !== this.#current && found === 'may_lose_on_failover') {
      this.#logger.warn(
        'Acknowledged events may be lost when the database fails over or crashes: set synchronous_commit to on, and synchronous_standby_names where there are standbys',
      );
    }
    this.#current = found;
  }
}
