/** `diagnostics`: how this operator is, as JSON. The Manager reads it by the schema LinkDiagnostics of its API. */
import { DateTime } from 'luxon';
import type { Problem } from '../../log/RecentProblems.ts';
import type { Clock } from '../clock.ts';
import type { Identity, JournalHead } from '../handshake.ts';
import type { JournalLevel } from '../journal/JournalSpace.ts';
import type { CallHandler } from './ActiveCall.ts';

export type DiagnosticsSources = {
  identity: Pick<Identity, 'operatorVersion' | 'kubernetesVersion'>;
  journal: {
    readonly head: JournalHead;
    readonly space: {
      level(): Pick<
        JournalLevel,
        'depth' | 'oldestAtMs' | 'bytes' | 'budgetBytes'
      >;
    };
  };
  clock: Pick<Clock, 'now'>;
  /** Who holds the Lease; absent where nobody does. */
  leaseHolder: () => string | undefined;
  /** The last warnings and errors, newest first. */
  recentProblems: () => Problem[];
};

/** The payload of the question does not matter. */
export function createDiagnostics(sources: DiagnosticsSources): CallHandler {
  return async () => Buffer.from(JSON.stringify(readDiagnostics(sources)));
}

function readDiagnostics(sources: DiagnosticsSources) {
  const { identity, journal, clock } = sources;
  const {
    incarnation,
    ackedSeq,
    assignedSeq,
    highestEpoch,
    highestGeneration,
  } = journal.head;
  const { oldestAtMs, depth, bytes, budgetBytes } = journal.space.level();
  const leaseHolder = sources.leaseHolder();
  return {
    takenAt: clock.now().toISO(),
    operatorVersion: identity.operatorVersion,
    kubernetesVersion: identity.kubernetesVersion,
    nodeVersion: process.versions.node,
    uptimeSeconds: Math.round(process.uptime()),
    rssBytes: process.memoryUsage.rss(),
    ...(leaseHolder && { leaseHolder }),
    incarnation,
    ackedSeq,
    assignedSeq,
    highestEpoch,
    highestGeneration,
    journal: {
      depth,
      bytes,
      budgetBytes,
      ...(oldestAtMs !== undefined && {
        oldestAt: DateTime.fromMillis(oldestAtMs, { zone: 'utc' }).toISO(),
      }),
    },
    recentErrors: sources.recentProblems(),
  };
}
