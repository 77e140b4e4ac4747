import type { Knex } from 'knex';
import { StateConflictError } from '../errors';
import type { ChangeNotifier, LinkFence, LinkRotations } from '../link/types';
import type { KeyRotation } from '../schema/openapi/generated/models';
import type { ClusterService } from './ClusterService';
import type { OperatorKeyStore } from './OperatorKeyStore';

/**
 * Replaces and revokes the keys of operators (S7).
 *
 * Both take the link row first, as the opening of a session does. So a session is opened either before, and then hears of it, or
 * afterwards, and then finds what the keys have become.
 */
export class OperatorKeyService {
  readonly #changes: ChangeNotifier;
  readonly #clusters: Pick<ClusterService, 'require'>;
  readonly #database: Knex;
  readonly #fence: LinkFence;
  readonly #keys: OperatorKeyStore;
  readonly #rotations: LinkRotations;

  constructor(options: {
    changes: ChangeNotifier;
    clusters: Pick<ClusterService, 'require'>;
    database: Knex;
    fence: LinkFence;
    keys: OperatorKeyStore;
    rotations: LinkRotations;
  }) {
    this.#changes = options.changes;
    this.#clusters = options.clusters;
    this.#database = options.database;
    this.#fence = options.fence;
    this.#keys = options.keys;
    this.#rotations = options.rotations;
  }

  /**
   * Asks the operator for a new key, now or when it is back. The present one stays good until the new one has opened a session.
   *
   * @throws StateConflictError (OPERATOR_NOT_ENROLLED, KEY_ROTATION_UNSUPPORTED)
   */
  async rotate(clusterName: string): Promise<KeyRotation> {
    const { requestedAt } = await this.#database.transaction(async tx => {
      const { id } = await this.#clusters.require(tx, clusterName);
      const request = await this.#rotations.request(tx, id);
      const keys = await this.#keys.find(tx, id);
      if (!keys?.present) {
        throw notEnrolled(clusterName);
      }
      if (request.outcome === 'unsupported') {
        throw new StateConflictError(
          'KEY_ROTATION_UNSUPPORTED',
          `The operator of ${clusterName} can't make a new key; upgrade it first.`,
        );
      }
      return request;
    });
    this.#changes.changed([{ kind: 'cluster', name: clusterName }]);
    return { requestedAt: requestedAt.toJSDate() };
  }

  /**
   * Makes every key of the operator good for nothing, for good, and ends its session. Its workloads go on; it comes back with a new key
   * and a new join command.
   *
   * @throws StateConflictError (OPERATOR_NOT_ENROLLED)
   */
  async revoke(clusterName: string): Promise<void> {
    await this.#database.transaction(async tx => {
      const { id } = await this.#clusters.require(tx, clusterName);
      await this.#fence.fence(tx, id, 'The key of the operator was revoked.');
      const revoked = await this.#keys.revokeAll(tx, id);
      if (revoked === 0) {
        throw notEnrolled(clusterName);
      }
    });
    this.#changes.changed([{ kind: 'cluster', name: clusterName }]);
  }
}

function notEnrolled(clusterName: string): StateConflictError {
  return new StateConflictError(
    'OPERATOR_NOT_ENROLLED',
    `No operator has a key for ${clusterName}; make a join command and apply it in the cluster.`,
  );
}
