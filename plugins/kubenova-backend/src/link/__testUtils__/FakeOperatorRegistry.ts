import { Knex } from 'knex';
import { EnrollOutcome, OperatorRegistry } from '../types';
import { TestCluster } from './testDatabase';

/** A fake of what the clusters domain keeps, in memory, with the outcomes that the gateway has to translate. */
export class FakeOperatorRegistry implements OperatorRegistry {
  readonly #clusters = new Map<
    string,
    { cluster: TestCluster; keys: Uint8Array[]; revoked: boolean }
  >();
  readonly #tokens = new Map<
    string,
    { novaClusterId: string; used: boolean }
  >();

  /** A token that has the word "expired" in it is. */
  add(cluster: TestCluster, joinToken: string): void {
    this.#clusters.set(cluster.novaClusterId, {
      cluster,
      keys: [],
      revoked: false,
    });
    this.#tokens.set(joinToken, {
      novaClusterId: cluster.novaClusterId,
      used: false,
    });
  }

  revoke(cluster: TestCluster): void {
    const known = this.#clusters.get(cluster.novaClusterId);
    if (known) {
      Object.assign(known, { keys: [], revoked: true });
    }
  }

  /** Present key first. */
  keysOf(cluster: TestCluster): readonly Uint8Array[] {
    return this.#clusters.get(cluster.novaClusterId)?.keys ?? [];
  }

  async enroll(request: {
    joinToken: string;
    novaClusterId: string;
    publicKey: Uint8Array;
  }): Promise<EnrollOutcome> {
    const token = this.#tokens.get(request.joinToken);
    const known = this.#clusters.get(request.novaClusterId);
    if (!token) {
      return refused('unknown_token', 'This join token is not known');
    }
    if (request.joinToken.includes('expired')) {
      return refused('expired_token', 'This join token has expired');
    }
    if (!known || token.novaClusterId !== request.novaClusterId) {
      return refused('unknown_cluster', 'There is no such cluster');
    }
    if (token.used && !known.keys.some(key => isSame(key, request.publicKey))) {
      return refused('used_token', 'This join token was used by another key');
    }
    token.used = true;
    Object.assign(known, { keys: [request.publicKey], revoked: false });
    return { outcome: 'enrolled', clusterName: known.cluster.name };
  }

  async find(novaClusterId: string) {
    const known = this.#clusters.get(novaClusterId);
    return (
      known && {
        clusterId: known.cluster.id,
        name: known.cluster.name,
        keys: [...known.keys],
        revoked: known.revoked,
      }
    );
  }

  async settleKey(
    _tx: Knex.Transaction,
    { clusterId, publicKey }: { clusterId: string; publicKey: Uint8Array },
  ) {
    const known = this.#byId(clusterId);
    const index = known.keys.findIndex(key => isSame(key, publicKey));
    if (index === 1) {
      known.keys = [publicKey];
    }
    return (['present', 'next'] as const)[index];
  }

  async keepNextKey(
    _tx: Knex.Transaction,
    { clusterId, publicKey }: { clusterId: string; publicKey: Uint8Array },
  ) {
    const known = this.#byId(clusterId);
    known.keys = [...known.keys.slice(0, 1), publicKey];
    return !known.revoked;
  }

  async joinManifest(joinToken: string) {
    return this.#tokens.has(joinToken)
      ? { outcome: 'ok' as const, manifest: 'kind: Namespace\n' }
      : { outcome: 'refused' as const, message: 'This token is not known.' };
  }

  #byId(clusterId: string) {
    return [...this.#clusters.values()].find(
      ({ cluster }) => cluster.id === clusterId,
    )!;
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.from(one).equals(other);
}

function refused(
  reason: Extract<EnrollOutcome, { outcome: 'refused' }>['reason'],
  message: string,
): EnrollOutcome {
  return { outcome: 'refused', reason, message };
}
