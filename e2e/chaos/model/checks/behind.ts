import type { Observation, Violation } from '../observation.ts';

/** D9: a Manager that has lost its past changes nothing in a datacenter until somebody has decided. */
export function behind(seen: Observation): Violation[] {
  const sent = new Set(seen.stored.map(nameOf));
  const details = [
    ...seen.accepted
      // What only a digest told was sent in an earlier session.
      .filter(
        ({ isBehind, accepted, ...change }) =>
          isBehind && sent.has(nameOf({ ...change, generation: accepted })),
      )
      .map(
        ({ cluster, key, accepted }) =>
          `${cluster} was sent generation ${accepted} of ${key} while its Manager was behind`,
      ),
    ...seen.behind.map(cluster => `${cluster} is behind`),
  ];
  return details.map(detail => ({
    promise:
      'nothing is sent to a datacenter that the Manager is behind, and in the end it is behind none',
    detail,
  }));
}

function nameOf(state: {
  cluster: string;
  key: string;
  generation: number;
  epoch: number;
}): string {
  return `${state.cluster} ${state.key} ${state.generation} ${state.epoch}`;
}
