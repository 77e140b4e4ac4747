import type { Observation, Violation } from '../observation.ts';

/** E1, E3, E7: the last state of each object, and nothing of what is gone. */
export function states({ shown, objects }: Observation): Violation[] {
  const truth = new Map(
    objects
      .filter(({ key }) => key !== 'cluster/config')
      .map(({ cluster, key, object }) => [
        `${cluster} ${key}`,
        `revision ${object.revision} of generation ${object.generation} of ${object.uid}`,
      ]),
  );
  const known = new Map(
    shown.map(({ cluster, key, uid, generation, revision }) => [
      `${cluster} ${key}`,
      `revision ${revision} of generation ${generation} of ${uid}`,
    ]),
  );
  return [...new Set([...truth.keys(), ...known.keys()])]
    .filter(name => truth.get(name) !== known.get(name))
    .map(name => ({
      promise: 'the shown states are those of the datacenters',
      detail: `${name} is shown as ${known.get(name) ?? 'nothing'}, and is ${
        truth.get(name) ?? 'gone'
      }`,
    }));
}
