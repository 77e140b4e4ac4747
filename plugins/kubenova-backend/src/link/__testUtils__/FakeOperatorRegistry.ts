import { EnrollOutcome, OperatorRegistry } from '../types';
import { TestCluster } from './testDatabase';

/** A fake of what the clusters domain keeps, in memory, with the outcomes that the gateway has to translate. */
export class FakeOperatorRegistry implements OperatorRegistry {
  readonly #clusters = new Map<
    string,
    { cluster: TestCluster; publicKey?: Uint8Array }
  >();
  readonly #tokens = new Map<
    string,
    { novaClusterId: string; used: boolean }
  >();

  /** A token that has the word "expired" in it is. */
  add(cluster: TestCluster, joinToken: string): void {
    this.#clusters.set(cluster.novaClusterId, { cluster });
    this.#tokens.set(joinToken, {
      novaClusterId: cluster.novaClusterId,
      used: false,
    });
  }

  revoke(cluster: TestCluster): void {
    this.#clusters.delete(cluster.novaClusterId);
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
    const sameKey = Buffer.from(known.publicKey ?? []).equals(
      request.publicKey,
    );
    if (token.used && !sameKey) {
      return refused('used_token', 'This join token was used by another key');
    }
    token.used = true;
    known.publicKey = request.publicKey;
    return { outcome: 'enrolled', clusterName: known.cluster.name };
  }

  async find(novaClusterId: string) {
    const known = this.#clusters.get(novaClusterId);
    return known?.publicKey
      ? {
          clusterId: known.cluster.id,
          name: known.cluster.name,
          publicKey: known.publicKey,
        }
      : undefined;
  }

  async joinManifest(joinToken: string) {
    return this.#tokens.has(joinToken)
      ? { outcome: 'ok' as const, manifest: 'kind: Namespace\n' }
      : { outcome: 'refused' as const, message: 'This token is not known.' };
  }
}

function refused(
  reason: Extract<EnrollOutcome, { outcome: 'refused' }>['reason'],
  message: string,
): EnrollOutcome {
  return { outcome: 'refused', reason, message };
}
