import type { DateTime } from 'luxon';
import type { LinkReport } from '../link/report/types';
import type * as models from '../schema/openapi/generated/models';
import type { ReportedCluster } from './types';

/** A link in the API's words, with the versions that the operator told when it connected. */
export function toClusterLinkModel(
  report: LinkReport,
  reported: Pick<ReportedCluster, 'operatorVersion' | 'kubernetesVersion'>,
): models.ClusterLink {
  const { journal, outbox, refusal, behind, rotation } = report;
  return {
    state: report.state,
    stale: report.stale,
    epoch: report.epoch,
    openedAt: date(report.openedAt),
    closedAt: date(report.closedAt),
    closeReason: report.closeReason,
    lastSeenAt: date(report.lastSeenAt),
    remoteAddress: report.remoteAddress,
    replica: report.replica,
    capabilities: report.capabilities,
    operatorVersion: reported.operatorVersion,
    kubernetesVersion: reported.kubernetesVersion,
    journal: journal && { ...journal, oldestAt: date(journal.oldestAt) },
    lag: report.lag,
    outbox: { ...outbox, oldestAt: date(outbox.oldestAt) },
    parkedEvents: report.parkedEvents,
    haltedAt: date(report.haltedAt),
    durability: report.durability,
    refusal: refusal && { ...refusal, at: refusal.at.toJSDate() },
    contestedAt: date(report.contestedAt),
    behind: behind && { ...behind, since: behind.since.toJSDate() },
    rotation: rotation && {
      requestedAt: rotation.requestedAt.toJSDate(),
      completedAt: date(rotation.completedAt),
    },
    recentErrors: report.recentErrors.map(({ at, ...error }) => ({
      ...error,
      at: at.toJSDate(),
    })),
  };
}

function date(at: DateTime | undefined): Date | undefined {
  return at?.toJSDate();
}
