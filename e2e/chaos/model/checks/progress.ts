import { ADMINISTRATOR } from './administrator.ts';
import type { LinkChange, Observation, Violation } from '../observation.ts';

const PROMISE =
  'epochs, acknowledged sequences and generations never go back' as const;

/** D1, D8, E4: counters only rise, in the database and for each life of a journal in the operator. */
export function progress({ links, records, epochs }: Observation): Violation[] {
  return [
    ...links.flatMap(fallen),
    ...perCluster(
      records.filter(({ writer }) => writer !== ADMINISTRATOR),
    ).flatMap(({ cluster, rows }) =>
      rows
        .filter((row, index) => index > 0 && row.epoch < rows[index - 1].epoch)
        .map(row => ({
          promise: PROMISE,
          detail: `record ${row.name} of ${cluster} was committed under epoch ${row.epoch}, after a later one`,
        })),
    ),
    ...epochs.flatMap(({ cluster, lives }) =>
      lives
        .filter(life => life.some((epoch, index) => epoch <= life[index - 1]))
        .map(life => ({
          promise: PROMISE,
          detail: `the operator of ${cluster} obeyed epochs ${life.join(', ')}`,
        })),
    ),
  ];
}

function fallen({ cluster, before, after }: LinkChange): Violation[] {
  const isSameJournal =
    before.incarnation === after.incarnation && before.epoch === after.epoch;
  const counters = [
    { name: 'epoch', isFallen: after.epoch < before.epoch },
    { name: 'generation', isFallen: after.generation < before.generation },
    {
      name: 'acknowledged sequence',
      isFallen: isSameJournal && after.acked < before.acked,
    },
  ];
  return counters
    .filter(({ isFallen }) => isFallen)
    .map(({ name }) => ({
      promise: PROMISE,
      detail: `${cluster}: the ${name} fell: ${JSON.stringify(
        before,
      )} became ${JSON.stringify(after)}`,
    }));
}

function perCluster<T extends { cluster: string }>(
  rows: readonly T[],
): Array<{ cluster: string; rows: T[] }> {
  return [...Map.groupBy(rows, ({ cluster }) => cluster)].map(
    ([cluster, ofCluster]) => ({ cluster, rows: ofCluster }),
  );
}
