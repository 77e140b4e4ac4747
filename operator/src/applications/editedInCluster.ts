import { FIELD_MANAGER } from '../kube/index.ts';
import type { NewCondition } from '../kube/index.ts';
import type { Application } from './types.ts';

/** KubeVela's own controller, which writes finalizers and annotations, never the spec. */
const EXPECTED = [FIELD_MANAGER, 'vela-core', 'manager', 'kubevela'];

/**
 * Whether somebody changed an application's spec in the cluster since the Manager's revision was applied. It is reported, not repaired: people
 * decide whether to adopt or to revert it.
 */
export function editedInCluster(
  application: Application,
): NewCondition | undefined {
  const edits = (application.metadata.managedFields ?? []).filter(
    ({ manager = '', subresource, fieldsV1 }) =>
      !EXPECTED.includes(manager) &&
      subresource === undefined &&
      fieldsV1 !== undefined &&
      'f:spec' in fieldsV1,
  );
  if (edits.length === 0) {
    return undefined;
  }
  const who = edits
    .map(({ manager, time }) => `"${manager}"${time ? ` at ${time}` : ''}`)
    .join(', ');
  return {
    type: 'EditedInCluster',
    status: 'True',
    reason: 'SpecOfOtherManagers',
    message: `Its spec was changed in the cluster by ${who}; the next revision writes over it`,
  };
}
