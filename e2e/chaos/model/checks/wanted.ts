import type { DatacenterObject } from '../../datacenter/FileDatacenter.ts';
import type { Observation, Violation, WantedState } from '../observation.ts';

/** D2, D6, D8: desired and applied are one, with nothing under way, and the outcome of each is known. */
export function wanted(seen: Observation): Violation[] {
  const objects = new Map(
    seen.objects.map(({ cluster, key, object }) => [
      `${cluster} ${key}`,
      object,
    ]),
  );
  const differences: string[] = [];
  for (const row of seen.wanted) {
    const name = `${row.cluster} ${row.key}`;
    const difference = compare(row, objects.get(name));
    objects.delete(name);
    if (difference) {
      differences.push(`${name}: ${difference}`);
    }
  }
  for (const [name, object] of objects) {
    differences.push(
      `${name} is in the datacenter with generation ${object.generation}, and nobody wants it`,
    );
  }
  return differences.map(detail => ({
    promise: 'each datacenter has what is wanted of it, in its last generation',
    detail,
  }));
}

function compare(
  row: WantedState,
  object: DatacenterObject | undefined,
): string | undefined {
  const { generation, uid, yaml, result } = row;
  if (yaml === undefined) {
    return object || !row.isDeleted
      ? `generation ${generation} is a tombstone, the object is ${
          object ? 'there' : 'gone'
        }, and its end is ${row.isDeleted ? '' : 'not '}confirmed`
      : undefined;
  }
  if (
    object?.generation !== generation ||
    object.uid !== uid ||
    object.yaml !== yaml
  ) {
    return `generation ${generation} of ${uid} is wanted, and ${
      object ? `${object.generation} of ${object.uid}` : 'nothing'
    } is there`;
  }
  if (row.accepted !== generation) {
    return `generation ${generation} is wanted, and ${row.accepted} is known to be accepted`;
  }
  if (result?.generation !== generation || result.outcome !== 'Applied') {
    return `generation ${generation} is applied, and what is known is ${JSON.stringify(
      result,
    )}`;
  }
  return undefined;
}
