import { Knex } from 'knex';
import { NextKeyOutcome } from '../session/KeyRotation';
import { OpenLink } from '../session/SessionState';
import { OperatorRegistry } from '../types';
import { limitedTransaction } from './limitedTransaction';

/**
 * Keeps the key that an operator answered a wish with beside the present one (S7), where the session is the newest and the wish is
 * not met or taken back: a revocation voids it.
 */
export async function keepNextKey(
  options: { db: Knex; registry: OperatorRegistry },
  link: OpenLink,
  key: { rotationId: string; publicKey: Uint8Array },
): Promise<NextKeyOutcome> {
  const { clusterId, epoch } = link;
  return limitedTransaction(options.db, async tx => {
    const wish = await tx('links')
      .where({ cluster_id: clusterId, epoch, rotation_id: key.rotationId })
      .whereNull('rotation_completed_at')
      .forNoKeyUpdate()
      .first('cluster_id');
    if (!wish) {
      return 'void';
    }
    const { publicKey } = key;
    const isKept = await options.registry.keepNextKey(tx, {
      clusterId,
      publicKey,
    });
    return isKept ? 'kept' : 'spent';
  });
}
