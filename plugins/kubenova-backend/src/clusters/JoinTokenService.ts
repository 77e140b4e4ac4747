import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import type { LinkAddress } from '../link/types';
import type { JoinCommand } from '../schema/openapi/generated/models';
import type { Actor } from '../users';
import type { ClusterService } from './ClusterService';
import { renderJoinManifest } from './joinManifest';
import { joinTokenHash, joinTokenOf } from './joinToken';
import type { JoinTokenStore } from './JoinTokenStore';

const HOURS_VALID = 1;

/** Makes join tokens and the line that uses them. */
export class JoinTokenService {
  readonly #address: LinkAddress;
  readonly #clock: () => DateTime;
  readonly #clusters: Pick<ClusterService, 'require'>;
  readonly #database: Knex;
  readonly #manifestTemplate: string;
  readonly #randomBytes: (size: number) => Buffer;
  readonly #store: JoinTokenStore;

  constructor(options: {
    address: LinkAddress;
    clock: () => DateTime;
    clusters: Pick<ClusterService, 'require'>;
    database: Knex;
    /** The text of manifests/operator.yaml. */
    manifestTemplate: string;
    randomBytes: (size: number) => Buffer;
    store: JoinTokenStore;
  }) {
    this.#address = options.address;
    this.#clock = options.clock;
    this.#clusters = options.clusters;
    this.#database = options.database;
    this.#manifestTemplate = options.manifestTemplate;
    this.#randomBytes = options.randomBytes;
    this.#store = options.store;
  }

  async createCommand(
    clusterName: string,
    options: { actor: Actor },
  ): Promise<JoinCommand> {
    const cluster = await this.#clusters.require(this.#database, clusterName);
    const token = joinTokenOf(this.#randomBytes(32));
    const now = this.#clock();
    const expiresAt = now.plus({ hours: HOURS_VALID });
    await this.#store.insert(this.#database, {
      hash: joinTokenHash(token),
      clusterId: cluster.id,
      expiresAt,
      createdBy: options.actor.ref,
      createdAt: now,
    });
    return {
      token,
      expiresAt: expiresAt.toJSDate(),
      command: this.#command(token),
      linkUrl: this.#address.publicUrl,
      pinnedKey: this.#address.pinnedKey,
      manifest: renderJoinManifest(this.#manifestTemplate, {
        address: this.#address,
        joinToken: token,
        novaClusterId: cluster.novaClusterId,
        config: cluster.config,
      }),
    };
  }

  /**
   * The certificate is of a CA of KubeNova's own, which curl does not know: hence `-k`, and the pinned key, which is checked all the
   * same. The token is in a header because URLs are logged.
   */
  #command(token: string): string {
    const { pinnedKey, publicUrl } = this.#address;
    const curl = `curl -fsSk --pinnedpubkey '${pinnedKey}' -H 'Authorization: Bearer ${token}' ${publicUrl}/v1/join`;
    return `${curl} | kubectl apply -f -`;
  }
}
