import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import type {
  EnrollOutcome,
  LinkAddress,
  LinkFence,
  OperatorRegistry,
} from '../link/types';
import { isUuid } from '../router';
import { renderJoinManifest } from './joinManifest';
import { joinTokenHash } from './joinToken';
import type {
  JoinToken,
  JoinTokenStore,
  OperatorKeyStore,
} from './JoinTokenStore';

type Refused = Extract<EnrollOutcome, { outcome: 'refused' }>;

const NEW_COMMAND = 'make a new join command on the page of the cluster';

/**
 * Lets operators join, and knows who they are afterwards.
 *
 * A token is good for one key (S7): the first Enroll binds it, and the same key may repeat it until the token expires, as an operator
 * can't know whether an answer that it never got was given. A cluster's key is that of the operator which enrolled last, so a new
 * command replaces a lost operator; a session that the one before still has ends.
 */
export class JoiningOperators implements OperatorRegistry {
  readonly #address: LinkAddress;
  readonly #clock: () => DateTime;
  readonly #database: Knex;
  readonly #fence: LinkFence;
  readonly #manifestTemplate: string;
  readonly #store: JoinTokenStore & OperatorKeyStore;

  constructor(options: {
    address: LinkAddress;
    clock: () => DateTime;
    database: Knex;
    fence: LinkFence;
    /** The text of manifests/operator.yaml. */
    manifestTemplate: string;
    store: JoinTokenStore & OperatorKeyStore;
  }) {
    this.#address = options.address;
    this.#clock = options.clock;
    this.#database = options.database;
    this.#fence = options.fence;
    this.#manifestTemplate = options.manifestTemplate;
    this.#store = options.store;
  }

  async enroll(request: {
    joinToken: string;
    novaClusterId: string;
    publicKey: Uint8Array;
  }): Promise<EnrollOutcome> {
    const publicKey = Buffer.from(request.publicKey);
    return this.#database.transaction(async tx => {
      const hash = joinTokenHash(request.joinToken);
      const token = await this.#store.lock(tx, hash);
      const refused = this.#refusal(token);
      if (refused || !token) {
        return refused ?? unknownToken();
      }
      if (token.cluster.novaClusterId !== request.novaClusterId) {
        return {
          outcome: 'refused',
          reason: 'unknown_cluster',
          message: `The join token is for the cluster ${token.cluster.name}, which has another NOVA_CLUSTER_ID; apply the manifest of the join command unchanged.`,
        };
      }
      if (token.publicKey && !token.publicKey.equals(publicKey)) {
        return usedToken(token);
      }
      if (!token.publicKey) {
        const reason = 'Another operator has joined as this cluster.';
        await this.#fence.fence(tx, token.cluster.id, reason);
      }
      await this.#store.use(tx, token, publicKey, this.#clock());
      return { outcome: 'enrolled', clusterName: token.cluster.name };
    });
  }

  async find(novaClusterId: string) {
    return isUuid(novaClusterId)
      ? this.#store.findOperator(this.#database, novaClusterId)
      : undefined;
  }

  async joinManifest(
    joinToken: string,
  ): Promise<
    | { outcome: 'ok'; manifest: string }
    | { outcome: 'refused'; message: string }
  > {
    const hash = joinTokenHash(joinToken);
    const token = await this.#store.find(this.#database, hash);
    const refused = this.#refusal(token);
    if (refused || !token) {
      return refused ?? unknownToken();
    }
    if (token.publicKey) {
      return usedToken(token);
    }
    return {
      outcome: 'ok',
      manifest: renderJoinManifest(this.#manifestTemplate, {
        address: this.#address,
        joinToken,
        novaClusterId: token.cluster.novaClusterId,
        config: token.cluster.config,
      }),
    };
  }

  #refusal(token: JoinToken | undefined): Refused | undefined {
    if (!token) {
      return unknownToken();
    }
    if (token.expiresAt <= this.#clock()) {
      return {
        outcome: 'refused',
        reason: 'expired_token',
        message: `The join token has expired; ${NEW_COMMAND} ${token.cluster.name}.`,
      };
    }
    return undefined;
  }
}

function unknownToken(): Refused {
  return {
    outcome: 'refused',
    reason: 'unknown_token',
    message: `The join token is not known here; ${NEW_COMMAND}.`,
  };
}

function usedToken(token: JoinToken): Refused {
  return {
    outcome: 'refused',
    reason: 'used_token',
    message: `The join token was used by another operator; ${NEW_COMMAND} ${token.cluster.name}.`,
  };
}
