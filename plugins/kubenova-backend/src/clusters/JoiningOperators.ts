import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import type {
  EnrollOutcome,
  KnownOperator,
  LinkAddress,
  LinkFence,
  OperatorRegistry,
} from '../link/types';
import { isUuid } from '../router';
import { renderJoinManifest } from './joinManifest';
import { joinTokenHash } from './joinToken';
import type { JoinToken, JoinTokenStore } from './JoinTokenStore';
import type { OperatorKeys, OperatorKeyStore } from './OperatorKeyStore';

type Refused = Extract<EnrollOutcome, { outcome: 'refused' }>;

const NEW_COMMAND = 'make a new join command on the page of the cluster';

/**
 * Lets operators join, and knows who they are afterwards.
 *
 * A token is good for one key (S7): the first Enroll binds it, and the same key may repeat it until the token expires, as an operator
 * can't know whether an answer that it never got was given. A cluster's key is that of the operator which enrolled last, so a new
 * command replaces a lost operator; a session that the one before still has ends. A key that was replaced or revoked since does not
 * come back by a repeated Enroll, and a revoked one not by any.
 */
export class JoiningOperators implements OperatorRegistry {
  readonly #address: LinkAddress;
  readonly #clock: () => DateTime;
  readonly #database: Knex;
  readonly #fence: LinkFence;
  readonly #keys: OperatorKeyStore;
  readonly #manifestTemplate: string;
  readonly #store: JoinTokenStore;

  constructor(options: {
    address: LinkAddress;
    clock: () => DateTime;
    database: Knex;
    fence: LinkFence;
    keys: OperatorKeyStore;
    /** The text of manifests/operator.yaml. */
    manifestTemplate: string;
    store: JoinTokenStore;
  }) {
    this.#address = options.address;
    this.#clock = options.clock;
    this.#database = options.database;
    this.#fence = options.fence;
    this.#keys = options.keys;
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
      return this.#enroll(tx, token, publicKey);
    });
  }

  async find(novaClusterId: string): Promise<KnownOperator | undefined> {
    const known = isUuid(novaClusterId)
      ? await this.#keys.findByNovaClusterId(this.#database, novaClusterId)
      : undefined;
    return known && toKnownOperator(known);
  }

  async settleKey(
    tx: Knex.Transaction,
    key: { clusterId: string; publicKey: Uint8Array },
  ): Promise<'present' | 'next' | undefined> {
    const { clusterId } = key;
    const publicKey = Buffer.from(key.publicKey);
    const keys = await this.#keys.find(tx, clusterId);
    if (keys?.present?.equals(publicKey)) {
      return 'present';
    }
    if (keys?.next?.equals(publicKey)) {
      await this.#keys.setPresent(tx, clusterId, publicKey);
      return 'next';
    }
    return undefined;
  }

  async keepNextKey(
    tx: Knex.Transaction,
    key: { clusterId: string; publicKey: Uint8Array },
  ): Promise<boolean> {
    const publicKey = Buffer.from(key.publicKey);
    const keys = await this.#keys.find(tx, key.clusterId);
    const spent = [
      ...(keys?.revoked ?? []),
      ...(keys?.present ? [keys.present] : []),
    ];
    if (!keys?.present || spent.some(one => one.equals(publicKey))) {
      return false;
    }
    await this.#keys.setNext(tx, key.clusterId, publicKey);
    return true;
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

  async #enroll(
    tx: Knex.Transaction,
    token: JoinToken,
    publicKey: Buffer,
  ): Promise<EnrollOutcome> {
    const { id, name } = token.cluster;
    const keys = await this.#keys.find(tx, id);
    const isAmong = (known: Array<Buffer | undefined>) =>
      known.some(key => key?.equals(publicKey));
    if (token.publicKey) {
      return isAmong([keys?.present, keys?.next])
        ? { outcome: 'enrolled', clusterName: name }
        : spentKey(name);
    }
    if (isAmong(keys?.revoked ?? [])) {
      return spentKey(name); // for good: a revocation that is made meanwhile makes the write below fail
    }
    await this.#fence.fence(
      tx,
      id,
      'Another operator has joined as this cluster.',
    );
    await this.#keys.setPresent(tx, id, publicKey);
    await this.#store.use(tx, token, publicKey, this.#clock());
    return { outcome: 'enrolled', clusterName: name };
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

function spentKey(cluster: string): Refused {
  return {
    outcome: 'refused',
    reason: 'revoked_key',
    message: `The key of this operator was revoked or replaced; ${NEW_COMMAND} ${cluster}, and let the operator make a new key.`,
  };
}

function toKnownOperator(known: OperatorKeys): KnownOperator {
  const { clusterId, name, present, next, revoked } = known;
  return {
    clusterId,
    name,
    keys: [present, next].filter(key => key !== undefined),
    revoked: !present && revoked.length > 0,
  };
}
