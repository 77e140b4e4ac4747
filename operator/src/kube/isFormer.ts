import type { DesiredState } from '../link/types.ts';
import { GENERATION_ANNOTATION } from './names.ts';
import type { KubeObject } from './objects.ts';

/**
 * Whether an object is the former bearer of a name that has another one by now (D3).
 *
 * The Manager gives a name to another uid only after the tombstone of the former one was confirmed. So where both are here, the former was
 * made again by an operator whose journal had been rolled back, from a state that it should have forgotten. It has to go before the
 * name's new bearer comes, which else would inherit what was the former one's. An object without a generation is not the Manager's.
 *
 * @param uid - the UUID in the Manager that the object carries.
 */
export function isFormer(
  object: KubeObject,
  uid: string | undefined,
  wanted: DesiredState,
): boolean {
  const generation = object.metadata.annotations?.[GENERATION_ANNOTATION];
  return (
    generation !== undefined &&
    Number(generation) < wanted.generation &&
    uid !== undefined &&
    uid !== wanted.uid
  );
}
