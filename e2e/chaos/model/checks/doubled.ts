import type { LinkChange, Observation, Violation } from '../observation.ts';

/**
 * E1, E4, E8: an acknowledged sequence is never committed again, so a record comes once for as long as the Manager knows its journal's
 * incarnation. When two journals take turns, each begins anew; its records come again, and count once by their natural keys.
 */
export function doubled({ records, links, billed }: Observation): Violation[] {
  const promise = 'no record is committed twice, or billed twice' as const;
  const turns = turnsOf(links);
  const times = new Map<string, number>();
  for (const { cluster, name: record, incarnation, epoch } of records) {
    const turn = turns.get(`${cluster} ${epoch}`) ?? 0;
    const name = `${record} of ${cluster}, of turn ${turn} of journal ${incarnation},`;
    times.set(name, (times.get(name) ?? 0) + 1);
  }
  return [
    ...[...times]
      .filter(([, count]) => count > 1)
      .map(([name, count]) => ({
        promise,
        detail: `record ${name} was committed ${count} times`,
      })),
    ...billed
      .filter(({ minutes }) => minutes !== 1)
      .map(({ cluster, record, minutes }) => ({
        promise,
        detail: `record ${record} of ${cluster} has one minute, and counts for ${minutes}`,
      })),
  ];
}

/** How often a cluster's journal had changed, by the epoch of its sessions. */
function turnsOf(links: readonly LinkChange[]): Map<string, number> {
  const turns = new Map<string, number>();
  const last = new Map<string, number>();
  for (const { cluster, before, after } of links) {
    const changed = before.incarnation !== after.incarnation ? 1 : 0;
    const turn = (last.get(cluster) ?? 0) + changed;
    last.set(cluster, turn);
    turns.set(`${cluster} ${after.epoch}`, turn);
  }
  return turns;
}
