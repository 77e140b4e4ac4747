import type { DatacenterObject } from '../../datacenter/FileDatacenter.ts';
import type { Observation, Violation } from '../observation.ts';

/** D3, D8: a name is taken until its object is gone, and generations of a name only rise. */
export function names({ histories }: Observation): Violation[] {
  return histories.flatMap(({ cluster, key, versions }) =>
    versions
      .slice(1)
      .map((version, index) => fault(versions[index], version))
      .filter(detail => detail !== undefined)
      .map(detail => ({
        promise:
          'no name inherits what another object left, or goes back to an older generation' as const,
        detail: `${cluster} ${key}: ${detail}`,
      })),
  );
}

function fault(
  before: DatacenterObject,
  after: DatacenterObject,
): string | undefined {
  if (after.generation < before.generation) {
    return `generation ${after.generation} came after ${before.generation}`;
  }
  const wasThere = before.yaml !== undefined;
  if (wasThere && before.uid !== after.uid) {
    return `object ${after.uid} took the place of ${before.uid}, which was not deleted`;
  }
  return undefined;
}
