import { ConflictError } from '@backstage/errors';
import { StateConflictError } from './codedErrors';

/** A name stays taken until every cluster has confirmed that what had it is gone (D3). */
export function beingDeleted(
  name: string,
  clusters: readonly string[],
): StateConflictError {
  return new StateConflictError(
    'NAME_BEING_DELETED',
    `${name} is still being deleted in ${clusters.join(
      ', ',
    )}; wait until it is gone, or choose another name.`,
  );
}

/** Whether the outbox refused because what had the name is still being deleted: its other conflicts have codes of their own. */
export function isReserved(error: unknown): boolean {
  return ConflictError.is(error) && !('code' in error);
}
