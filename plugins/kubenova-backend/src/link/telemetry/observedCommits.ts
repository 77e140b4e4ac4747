import { Committed } from '../ingest/DatabaseIngest';
import { Commits } from '../ingest/GroupCommit';
import { PreparedBatch } from '../ingest/PreparedBatch';
import { LinkTelemetry } from './LinkTelemetry';

/** Transactions of the ingest, counted and traced one by one. What was left out of one, or fenced, does not count as committed. */
export function observedCommits(
  commits: Commits,
  options: {
    telemetry: LinkTelemetry;
    clock: { monotonicMs(): number; now(): number };
  },
): Commits {
  const { telemetry, clock } = options;
  const observe = (
    batches: readonly PreparedBatch[],
    commit: () => Promise<Committed>,
  ): Promise<Committed> =>
    telemetry.span(
      'kubenova.link.commit',
      { 'kubenova.link.sessions': batches.length },
      async () => {
        const startedAtMs = clock.monotonicMs();
        const committed = await commit();
        const written = batches.filter(
          batch => committed.outcomes.get(batch)?.outcome === 'committed',
        );
        if (written.length > 0) {
          const now = clock.now();
          telemetry.committed({
            events: written.reduce((sum, { events }) => sum + events.length, 0),
            sessions: written.length,
            seconds: (clock.monotonicMs() - startedAtMs) / 1000,
            lagSeconds: written.flatMap(batch => lagsOf(batch, now)),
          });
        }
        if (committed.parked > 0) {
          telemetry.parked(committed.parked);
        }
        return committed;
      },
    );
  return {
    commitTogether: batches =>
      observe(batches, () => commits.commitTogether(batches)),
    commitAlone: batch => observe([batch], () => commits.commitAlone(batch)),
  };
}

/** An operator whose clock is ahead has a lag of nothing, rather than less. */
function lagsOf({ events }: PreparedBatch, nowMs: number): number[] {
  return events.flatMap(({ told }) =>
    told ? [Math.max(0, nowMs - told.event.observedAt.toMillis()) / 1000] : [],
  );
}
