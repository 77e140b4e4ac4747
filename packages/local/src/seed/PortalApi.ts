import type {
  Application,
  ApplicationList,
  BootstrapProgress,
  Cluster,
  CreateApplicationRequest,
  CreateClusterRequest,
  CreateTenantRequest,
  JoinCommand,
  Tenant,
} from '@kubenova/plugin-kubenova-common';

/** An answer of the portal that is not a success. */
export class PortalApiError extends Error {
  override name = 'PortalApiError';
  readonly status: number;
  /** One of KubeNova's error codes, where there is one. */
  readonly code: string | undefined;

  constructor(options: { status: number; code?: string; message: string }) {
    super(options.message);
    this.status = options.status;
    this.code = options.code;
  }
}

export type PortalAnswer<T> = { status: number; body: T };

/**
 * The portal's public API for a program outside of it. Signs in as guest, as the sign-in page does, and so does what a
 * user's click does. (The pages' own client is part of a bundle; Node can't load its sources.)
 */
export class PortalApi {
  readonly #url: string;
  #token: { value: string; goodUntil: number } | undefined;

  /** @param options.url - such as http://localhost:7007 */
  constructor(options: { url: string }) {
    this.#url = options.url;
  }

  getCluster(name: string): Promise<Cluster | undefined> {
    return this.#find(`/api/kubenova/clusters/${name}`);
  }

  createCluster(request: CreateClusterRequest): Promise<Cluster> {
    return this.call('POST', '/api/kubenova/clusters', request);
  }

  createJoinCommand(cluster: string): Promise<JoinCommand> {
    return this.call('POST', `/api/kubenova/clusters/${cluster}/join-command`);
  }

  reportProgress(
    cluster: string,
    progress: BootstrapProgress,
  ): Promise<Cluster> {
    const path = `/api/kubenova/clusters/${cluster}/progress`;
    return this.call('PUT', path, progress);
  }

  getTenant(name: string): Promise<Tenant | undefined> {
    return this.#find(`/api/kubenova/tenants/${name}`);
  }

  createTenant(request: CreateTenantRequest): Promise<Tenant> {
    return this.call('POST', '/api/kubenova/tenants', request);
  }

  createPlacement(tenant: string, cluster: string): Promise<Tenant> {
    const path = `/api/kubenova/tenants/${tenant}/placements/${cluster}`;
    return this.call('PUT', path);
  }

  getApplication(id: string): Promise<Application | undefined> {
    return this.#find(`/api/kubenova/applications/${id}`);
  }

  async findApplication(
    tenant: string,
    name: string,
  ): Promise<Application | undefined> {
    const query = new URLSearchParams({ tenant, name });
    const path = `/api/kubenova/applications?${query}`;
    const list = await this.call<ApplicationList>('GET', path);
    return list.items.find(item => item.name === name);
  }

  createApplication(request: CreateApplicationRequest): Promise<Application> {
    return this.call('POST', '/api/kubenova/applications', request);
  }

  /**
   * Any call below the portal's address; throws PortalApiError where the answer is not a success.
   *
   * @param path - with its leading slash, such as /api/catalog/entities
   */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.request<T & ErrorBody>(method, path, body);
    if (answer.status >= 400) {
      const error = answer.body?.error;
      throw new PortalApiError({
        status: answer.status,
        code: error?.code,
        message: error?.message ?? `${method} ${path}: ${answer.status}`,
      });
    }
    return answer.body;
  }

  /** Like call, for those who want to see a refusal's status and body. */
  async request<T>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<PortalAnswer<T>> {
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        authorization: `Bearer ${await this.#freshToken()}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text ? JSON.parse(text) : undefined,
    };
  }

  async #find<T>(path: string): Promise<T | undefined> {
    try {
      return await this.call<T>('GET', path);
    } catch (error) {
      if (error instanceof PortalApiError && error.status === 404) {
        return undefined;
      }
      throw error;
    }
  }

  async #freshToken(): Promise<string> {
    if (this.#token && Date.now() < this.#token.goodUntil) {
      return this.#token.value;
    }
    const response = await fetch(`${this.#url}/api/auth/guest/refresh`, {
      headers: { 'x-requested-with': 'XMLHttpRequest' },
    });
    if (!response.ok) {
      throw new PortalApiError({
        status: response.status,
        message: `Guest sign-in was refused: ${await response.text()}`,
      });
    }
    const { backstageIdentity } = (await response.json()) as GuestSession;
    const lifetimeMs = backstageIdentity.expiresInSeconds * 1000;
    this.#token = {
      value: backstageIdentity.token,
      goodUntil: Date.now() + lifetimeMs / 2,
    };
    return this.#token.value;
  }
}

type ErrorBody = { error?: { code?: string; message?: string } };
type GuestSession = {
  backstageIdentity: { token: string; expiresInSeconds: number };
};
