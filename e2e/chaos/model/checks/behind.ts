import { ADMINISTRATOR } from './administrator.ts';
import type { Observation, Violation } from '../observation.ts';

/** D9: a Manager that has lost its past changes nothing in a datacenter until somebody has decided. */
export function behind({
  accepted,
  behind: clusters,
}: Observation): Violation[] {
  const details = [
    ...accepted
      .filter(({ isBehind, writer }) => isBehind && writer !== ADMINISTRATOR)
      .map(
        ({ cluster, key, accepted: generation }) =>
          `${cluster} was sent generation ${generation} of ${key} while its Manager was behind`,
      ),
    ...clusters.map(cluster => `${cluster} is behind`),
  ];
  return details.map(detail => ({
    promise:
      'nothing is sent to a datacenter that the Manager is behind, and in the end it is behind none',
    detail,
  }));
}
