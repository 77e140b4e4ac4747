import type { Knex } from 'knex';
import type { LifecycleGap } from '../types';

/** Keeps gaps; one that is there already is the same one. */
export async function insertGaps(
  tx: Knex.Transaction,
  gaps: ReadonlyArray<LifecycleGap & { clusterId: string }>,
): Promise<void> {
  if (gaps.length === 0) {
    return;
  }
  await tx('link_gaps')
    .insert(
      gaps.map(gap => ({
        cluster_id: gap.clusterId,
        id: gap.id,
        observed_at: gap.observedAt.toJSDate(),
        dropped: gap.dropped,
        since: gap.since?.toJSDate() ?? null,
        until: gap.until?.toJSDate() ?? null,
        kind: gap.kind,
      })),
    )
    .onConflict(['cluster_id', 'id'])
    .ignore();
}
