import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { LinkPeriods } from '../settings';
import { ChangeNotifier } from '../types';
import { clearContested } from './operations/clearContested';
import { repeat } from './repeat';

/** Takes back that two operators claim a cluster, once its link has stayed with one for long enough (S1). */
export class ContestSweeper {
  readonly #db: Knex;
  readonly #periods: LinkPeriods;
  readonly #changes: ChangeNotifier;
  readonly #logger: LoggerService;

  constructor(options: {
    db: Knex;
    periods: LinkPeriods;
    changes: ChangeNotifier;
    logger: LoggerService;
  }) {
    this.#db = options.db;
    this.#periods = options.periods;
    this.#changes = options.changes;
    this.#logger = options.logger;
  }

  /** Runs until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    await repeat({
      periodMs: this.#periods.sweep,
      signal,
      run: async () => {
        const cleared = await clearContested(this.#db, this.#periods.contest);
        this.#changes.changed(
          cleared.map(({ name }) => ({ kind: 'cluster', name })),
        );
      },
      failed: error =>
        this.#logger.warn('Contested clusters could not be looked at', error),
    });
  }
}
