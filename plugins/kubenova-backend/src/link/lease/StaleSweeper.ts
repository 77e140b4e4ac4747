import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { SessionClock } from '../session/types';
import { LinkPeriods } from '../settings';
import { ChangeNotifier } from '../types';
import { markStale } from './operations/markStale';
import { repeat } from './repeat';

/**
 * Shows clusters as stale whose operators are silent (S2).
 *
 * A sweep that finds its own last run too long ago skips once: it was Postgres or this process that was away, and operators get a
 * period to be heard again before the whole world is marked stale. The first run has no last one and skips as well.
 */
export class StaleSweeper {
  readonly #db: Knex;
  readonly #clock: SessionClock;
  readonly #periods: LinkPeriods;
  readonly #changes: ChangeNotifier;
  readonly #logger: LoggerService;
  #ranAtMs = -Infinity;

  constructor(options: {
    db: Knex;
    clock: SessionClock;
    periods: LinkPeriods;
    changes: ChangeNotifier;
    logger: LoggerService;
  }) {
    this.#db = options.db;
    this.#clock = options.clock;
    this.#periods = options.periods;
    this.#changes = options.changes;
    this.#logger = options.logger;
  }

  /** Runs until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    await repeat({
      periodMs: this.#periods.sweep,
      signal,
      run: () => this.sweep(),
      failed: error =>
        this.#logger.warn('Silent clusters could not be marked', error),
    });
  }

  async sweep(): Promise<void> {
    const now = this.#clock.monotonicMs();
    const away = now - this.#ranAtMs > this.#periods.silence;
    if (away) {
      await this.#db.raw('SELECT 1'); // while Postgres is away, this is no run
    } else {
      const marked = await markStale(this.#db, this.#periods.stale);
      for (const { name } of marked) {
        this.#logger.warn('A cluster is silent and shown as stale', {
          cluster: name,
        });
      }
      this.#changes.changed(
        marked.map(({ name }) => ({ kind: 'cluster', name })),
      );
    }
    this.#ranAtMs = now;
  }
}
