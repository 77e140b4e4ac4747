import {
  coreServices,
  createServiceFactory,
  createServiceRef,
  type AuthService,
  type BackstageCredentials,
  type DiscoveryService,
} from '@backstage/backend-plugin-api';
import {
  KubenovaClient,
  type KubenovaApi,
} from '@kubenova/plugin-kubenova-common';

/**
 * KubeNova's API for other plugins and modules.
 *
 * @public
 */
export interface KubenovaService {
  /**
   * The API with the rights of `credentials`: those of a person wherever something is done for one. The plugin's own rights
   * (`auth.getOwnServiceCredentials()`) are for what no person asked for, such as filling the catalog.
   */
  forCredentials(credentials: BackstageCredentials): Promise<KubenovaApi>;
  /** The API with the plugin's own rights. */
  forPlugin(): Promise<KubenovaApi>;
}

class DefaultKubenovaService implements KubenovaService {
  readonly #auth: AuthService;
  readonly #discovery: DiscoveryService;

  constructor(options: { auth: AuthService; discovery: DiscoveryService }) {
    this.#auth = options.auth;
    this.#discovery = options.discovery;
  }

  async forPlugin(): Promise<KubenovaApi> {
    return this.forCredentials(await this.#auth.getOwnServiceCredentials());
  }

  async forCredentials(
    credentials: BackstageCredentials,
  ): Promise<KubenovaApi> {
    const auth = this.#auth;
    return new KubenovaClient({
      discoveryApi: this.#discovery,
      fetchApi: {
        // A token lives for minutes and a client longer, so each call gets one of its own.
        fetch: async (input, init) => {
          const { token } = await auth.getPluginRequestToken({
            onBehalfOf: credentials,
            targetPluginId: 'kubenova',
          });
          const headers = new Headers(init?.headers);
          headers.set('Authorization', `Bearer ${token}`);
          return fetch(input, { ...init, headers });
        },
      },
    });
  }
}

/** @public */
export const kubenovaServiceRef = createServiceRef<KubenovaService>({
  id: 'kubenova',
  scope: 'plugin',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: { auth: coreServices.auth, discovery: coreServices.discovery },
      factory: ({ auth, discovery }) =>
        new DefaultKubenovaService({ auth, discovery }),
    }),
});
