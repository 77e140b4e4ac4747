import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import { InvalidRequestError, UnknownObjectError } from '../errors';
import type { UsageReport } from '../schema/openapi/generated/models';
import { usageSeries } from './report';
import type { UsageRecord } from './types';
import type { UsageSource, UsageStore } from './UsageStore';

const MAX_DAYS = 92;

export interface UsageQuery {
  tenant?: string;
  cluster?: string;
  /** ISO 8601. */
  from: string;
  /** ISO 8601, not included. */
  to: string;
}

/** Reports what tenants requested, hour by hour. */
export class UsageService {
  readonly #clock: () => DateTime;
  readonly #database: Knex;
  readonly #store: UsageStore;

  constructor(options: {
    clock: () => DateTime;
    database: Knex;
    store: UsageStore;
  }) {
    this.#clock = options.clock;
    this.#database = options.database;
    this.#store = options.store;
  }

  async report(query: UsageQuery): Promise<UsageReport> {
    const { from, to } = this.#range(query);
    const filter = { tenant: query.tenant, cluster: query.cluster };
    await this.#requireKnown('tenant', query.tenant);
    await this.#requireKnown('cluster', query.cluster);
    const records = await this.#store.find(this.#database, {
      ...filter,
      from,
      to,
    });
    const placements = await this.#store.placements(this.#database, filter);
    return {
      from: from.toJSDate(),
      to: to.toJSDate(),
      series: sourcesOf(records, placements).map(source =>
        usageSeries(source, { from, to }, records),
      ),
    };
  }

  /** Cut to full hours. An hour that is not over has no record yet, so it is not asked for: it would look like one without data. */
  #range(query: UsageQuery): { from: DateTime; to: DateTime } {
    const from = fullHour(query.from);
    const to = fullHour(query.to);
    if (!from.isValid || !to.isValid || from >= to) {
      throw new InvalidRequestError(
        'RANGE_INVALID',
        'The range is empty; let from be at least one full hour before to.',
      );
    }
    if (to.diff(from, 'days').days > MAX_DAYS) {
      throw new InvalidRequestError(
        'RANGE_INVALID',
        `The range is longer than ${MAX_DAYS} days; ask for less at a time.`,
      );
    }
    const past = this.#clock().toUTC().startOf('hour');
    return { from, to: DateTime.max(from, DateTime.min(to, past)) };
  }

  async #requireKnown(
    what: 'tenant' | 'cluster',
    name: string | undefined,
  ): Promise<void> {
    if (
      name !== undefined &&
      !(await this.#store.isKnown(this.#database, what, name))
    ) {
      throw new UnknownObjectError(
        what === 'tenant' ? 'TENANT_NOT_FOUND' : 'CLUSTER_NOT_FOUND',
        `There is and was no ${what} named ${name}; look at the list of ${what}s for the right name.`,
      );
    }
  }
}

function fullHour(iso: string): DateTime {
  return DateTime.fromISO(iso, { zone: 'utc' }).startOf('hour');
}

/** Each pair of tenant and cluster once, whether it has records or is only expected to. */
function sourcesOf(
  records: readonly UsageRecord[],
  placements: readonly UsageSource[],
): UsageSource[] {
  const sources = new Map<string, UsageSource>();
  for (const { tenant, cluster } of [...records, ...placements]) {
    sources.set(`${tenant}/${cluster.id}`, { tenant, cluster });
  }
  const order = ({ tenant, cluster }: UsageSource) =>
    `${tenant}/${cluster.name}`;
  return [...sources.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}
