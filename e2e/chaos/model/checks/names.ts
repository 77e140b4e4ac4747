import type { DatacenterObject } from '../../datacenter/FileDatacenter.ts';
import type { Observation, Violation } from '../observation.ts';

/**
 * D3, D8: a name is taken until its object is gone, and generations of a name only rise.
 *
 * What was deleted leaves no generation in a datacenter. An operator whose journal went back to an older one may so make an object again
 * that was deleted since, until its Manager tells it that the object is to be gone.
 */
export function names({ histories, epochs }: Observation): Violation[] {
  const wentBack = new Set(
    epochs
      .filter(({ lives }) => lives.length > 1)
      .map(({ cluster }) => cluster),
  );
  return histories.flatMap(({ cluster, key, versions }) =>
    versions
      .slice(1)
      .map((version, index) =>
        fault(versions[index], version, wentBack.has(cluster)),
      )
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
  journalWentBack: boolean,
): string | undefined {
  const wasThere = before.yaml !== undefined;
  const fellBack = after.generation < before.generation;
  if (fellBack && (wasThere || !journalWentBack)) {
    return `generation ${after.generation} came after ${before.generation}`;
  }
  // No tombstone: it was the next object's generation that wanted it gone.
  const madeRoom =
    !wasThere &&
    before.uid !== after.uid &&
    before.generation === after.generation;
  if (madeRoom && !journalWentBack) {
    return `object ${before.uid} was still there when ${after.uid} was wanted`;
  }
  if (wasThere && before.uid !== after.uid) {
    return `object ${after.uid} took the place of ${before.uid}, which was not deleted`;
  }
  return undefined;
}
