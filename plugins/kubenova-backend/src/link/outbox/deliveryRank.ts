import { InputError } from '@backstage/errors';
import { DesiredStateKey } from '../types';

const TENANT = /^tenants\/[^/]+$/;
const APPLICATION = /^applications\/[^/]+\/[^/]+$/;

/**
 * Where a desired state stands in the order of sending (D5): configuration, tenants, applications, and the reverse for tombstones,
 * which come last. The operator does not depend on the order; it only saves it from waiting.
 *
 * @throws InputError where the key is of no kind that can be sent.
 */
export function deliveryRank(key: DesiredStateKey, tombstone: boolean): number {
  const rank = kindRank(key);
  return tombstone ? 5 - rank : rank;
}

function kindRank(key: DesiredStateKey): 0 | 1 | 2 {
  if (key === 'cluster/config') {
    return 0;
  }
  if (TENANT.test(key)) {
    return 1;
  }
  if (APPLICATION.test(key)) {
    return 2;
  }
  throw new InputError(
    `'${key}' can't be sent: a key is cluster/config, tenants/<name> or applications/<tenant>/<name>`,
  );
}
