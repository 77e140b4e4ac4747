import { Knex } from 'knex';
import { DateTime } from 'luxon';
import { findBehind } from '../behind/operations/findBehind';
import { LinkDurability } from '../types';
import { LinkRow, readLinkRow } from './readLinkRow';
import { LinkReport, LinkReports } from './types';

/** Reads what sessions, ingest, digests and faults have written of a link. */
export class DatabaseLinkReports implements LinkReports {
  readonly #durability: LinkDurability;

  constructor(options: { durability: LinkDurability }) {
    this.#durability = options.durability;
  }

  async read(db: Knex, clusterId: string): Promise<LinkReport> {
    const row = await readLinkRow(db, clusterId);
    if (!row) {
      return {
        state: 'never_connected',
        stale: false,
        epoch: 0,
        capabilities: [],
        outbox: { waiting: 0 },
        parkedEvents: 0,
        recentErrors: [],
      };
    }
    const behind = await findBehind(db, [clusterId]);
    return {
      ...sessionOf(row),
      ...troublesOf(row),
      journal: journalOf(row),
      lag:
        row.event_lag_ms === null
          ? undefined
          : { lastMs: Number(row.event_lag_ms) },
      outbox: {
        waiting: Number(row.waiting),
        oldestAt: utc(row.waiting_since),
      },
      parkedEvents: Number(row.parked),
      durability: this.#durability.current(),
      behind: behind.get(clusterId),
      recentErrors: await readErrors(db, clusterId),
    };
  }
}

function sessionOf(row: LinkRow) {
  return {
    state: stateOf(row),
    stale: row.stale,
    epoch: Number(row.epoch),
    openedAt: utc(row.opened_at),
    closedAt: utc(row.closed_at),
    closeReason: row.close_reason ?? undefined,
    lastSeenAt: utc(row.last_seen_at),
    remoteAddress: row.remote_address ?? undefined,
    replica: row.replica ?? undefined,
    capabilities: row.capabilities ?? [],
  };
}

function stateOf(row: LinkRow): LinkReport['state'] {
  if (row.opened_at === null) {
    return 'never_connected';
  }
  return row.open ? 'open' : 'closed';
}

function troublesOf(row: LinkRow) {
  const refusedAt = utc(row.refused_at);
  const requestedAt = utc(row.rotation_requested_at);
  return {
    haltedAt: utc(row.poison_halted_at),
    contestedAt: utc(row.contested_at),
    refusal: refusedAt && {
      reason: row.refused_reason ?? '',
      message: row.refused_message ?? '',
      at: refusedAt,
      remoteAddress: row.refused_address ?? undefined,
    },
    rotation: requestedAt && {
      requestedAt,
      completedAt: utc(row.rotation_completed_at),
    },
  };
}

function journalOf(row: LinkRow): LinkReport['journal'] {
  if (row.journal_depth === null) {
    return undefined;
  }
  return {
    depth: Number(row.journal_depth),
    oldestAt: utc(row.journal_oldest_at),
    bytes: Number(row.journal_bytes),
    budgetBytes: Number(row.journal_budget_bytes),
  };
}

async function readErrors(
  db: Knex,
  clusterId: string,
): Promise<LinkReport['recentErrors']> {
  const rows = await db<{
    cluster_id: string;
    id: string;
    at: Date;
    reason: string;
    message: string;
    count: number;
  }>('link_errors')
    .where({ cluster_id: clusterId })
    .orderBy('id', 'desc');
  return rows.map(({ at, reason, message, count }) => ({
    at: DateTime.fromJSDate(at, { zone: 'utc' }),
    reason,
    message,
    count,
  }));
}

function utc(date: Date | null): DateTime | undefined {
  return date ? DateTime.fromJSDate(date, { zone: 'utc' }) : undefined;
}
