/**
 * The generated client with what the generator leaves out:
 * - `If-Match` and `Idempotency-Key`: it sends the names of its own parameters as headers, so they are renamed in `fetch`;
 * - errors: it hands back any answer, so that every caller would have to look at the status;
 * - `from`: its types call the query parameter `_from`, its code sends `from`.
 */
import { ResponseError } from '@backstage/errors';
import {
  DefaultApiClient,
  type GetUsage,
  type TypedResponse,
} from '../schema/openapi/generated/apis';
import type {
  CallOptions,
  ChangeOptions,
  CreateOptions,
  KubenovaApi,
  PageRequest,
  UsageRequest,
} from './KubenovaApi';
import type * as models from './models';

const HEADERS: Record<string, string> = {
  idempotencyKey: 'Idempotency-Key',
  ifMatch: 'If-Match',
};

/** @public */
export interface KubenovaClientOptions {
  discoveryApi: { getBaseUrl(pluginId: string): Promise<string> };
  fetchApi?: { fetch: typeof fetch };
}

/** @public */
export class KubenovaClient implements KubenovaApi {
  readonly #api: DefaultApiClient;

  constructor(options: KubenovaClientOptions) {
    const underlying = options.fetchApi ?? { fetch: globalThis.fetch };
    this.#api = new DefaultApiClient({
      discoveryApi: options.discoveryApi,
      fetchApi: {
        fetch: (input, init) =>
          underlying.fetch(input, { ...init, headers: named(init?.headers) }),
      },
    });
  }

  async listClusters(page: PageRequest = {}, options?: CallOptions) {
    return answer(await this.#api.listClusters({ query: page }, options));
  }

  async createCluster(
    body: models.CreateClusterRequest,
    options: CreateOptions = {},
  ) {
    const header = { idempotencyKey: options.idempotencyKey };
    return answer(await this.#api.createCluster({ body, header }, options));
  }

  async getCluster(clusterName: string, options?: CallOptions) {
    return answer(
      await this.#api.getCluster({ path: { clusterName } }, options),
    );
  }

  async updateCluster(
    clusterName: string,
    body: models.UpdateClusterRequest,
    options: ChangeOptions = {},
  ) {
    const header = { ifMatch: options.ifMatch };
    const path = { clusterName };
    return answer(
      await this.#api.updateCluster({ path, body, header }, options),
    );
  }

  async deleteCluster(clusterName: string, options: ChangeOptions = {}) {
    const header = { ifMatch: options.ifMatch };
    const path = { clusterName };
    await checked(await this.#api.deleteCluster({ path, header }, options));
  }

  async createJoinCommand(clusterName: string, options?: CallOptions) {
    const path = { clusterName };
    return answer(await this.#api.createJoinCommand({ path }, options));
  }

  async getClusterLink(clusterName: string, options?: CallOptions) {
    const path = { clusterName };
    return answer(await this.#api.getClusterLink({ path }, options));
  }

  async pingOperator(clusterName: string, options?: CallOptions) {
    const path = { clusterName };
    return answer(await this.#api.pingOperator({ path }, options));
  }

  async diagnoseOperator(clusterName: string, options?: CallOptions) {
    const path = { clusterName };
    return answer(await this.#api.diagnoseOperator({ path }, options));
  }

  async rotateOperatorKey(clusterName: string, options?: CallOptions) {
    const path = { clusterName };
    return answer(await this.#api.rotateOperatorKey({ path }, options));
  }

  async revokeOperatorKey(clusterName: string, options?: CallOptions) {
    const path = { clusterName };
    await checked(await this.#api.revokeOperatorKey({ path }, options));
  }

  async reportProgress(
    clusterName: string,
    progress: models.BootstrapProgress,
    options?: CallOptions,
  ) {
    const path = { clusterName };
    // When it was told is the Manager's to say.
    const body = { message: progress.message, percent: progress.percent };
    return answer(await this.#api.reportProgress({ path, body }, options));
  }

  async listLifecycle(
    clusterName: string,
    query: PageRequest & { key?: string } = {},
    options?: CallOptions,
  ) {
    const path = { clusterName };
    return answer(await this.#api.listLifecycle({ path, query }, options));
  }

  async listParkedEvents(
    clusterName: string,
    query: PageRequest = {},
    options?: CallOptions,
  ) {
    const path = { clusterName };
    return answer(await this.#api.listParkedEvents({ path, query }, options));
  }

  async replayParkedEvents(
    clusterName: string,
    ids?: string[],
    options?: CallOptions,
  ) {
    const path = { clusterName };
    return answer(
      await this.#api.replayParkedEvents({ path, body: { ids } }, options),
    );
  }

  async getManagerBehind(clusterName: string, options?: CallOptions) {
    const path = { clusterName };
    return answer(await this.#api.getManagerBehind({ path }, options));
  }

  async decideManagerBehind(
    clusterName: string,
    body: models.BehindDecisionRequest,
    options?: CallOptions,
  ) {
    const path = { clusterName };
    return answer(await this.#api.decideManagerBehind({ path, body }, options));
  }

  async retryDesiredState(
    clusterName: string,
    key: string,
    options?: CallOptions,
  ) {
    const path = { clusterName };
    return answer(
      await this.#api.retryDesiredState({ path, body: { key } }, options),
    );
  }

  async listTenants(page: PageRequest = {}, options?: CallOptions) {
    return answer(await this.#api.listTenants({ query: page }, options));
  }

  async createTenant(
    body: models.CreateTenantRequest,
    options: CreateOptions = {},
  ) {
    const header = { idempotencyKey: options.idempotencyKey };
    return answer(await this.#api.createTenant({ body, header }, options));
  }

  async getTenant(tenantName: string, options?: CallOptions) {
    return answer(await this.#api.getTenant({ path: { tenantName } }, options));
  }

  async deleteTenant(tenantName: string, options: ChangeOptions = {}) {
    const header = { ifMatch: options.ifMatch };
    const path = { tenantName };
    return answer(await this.#api.deleteTenant({ path, header }, options));
  }

  async createPlacement(
    tenantName: string,
    clusterName: string,
    options: ChangeOptions = {},
  ) {
    const header = { ifMatch: options.ifMatch };
    const path = { tenantName, clusterName };
    return answer(await this.#api.createPlacement({ path, header }, options));
  }

  async deletePlacement(
    tenantName: string,
    clusterName: string,
    options: ChangeOptions = {},
  ) {
    const header = { ifMatch: options.ifMatch };
    const path = { tenantName, clusterName };
    return answer(await this.#api.deletePlacement({ path, header }, options));
  }

  async listApplications(
    request: PageRequest & {
      tenant?: string;
      name?: string;
      cluster?: string;
    } = {},
    options?: CallOptions,
  ) {
    return answer(
      await this.#api.listApplications({ query: request }, options),
    );
  }

  async createApplication(
    body: models.CreateApplicationRequest,
    options: CreateOptions = {},
  ) {
    const header = { idempotencyKey: options.idempotencyKey };
    return answer(await this.#api.createApplication({ body, header }, options));
  }

  async getApplication(applicationId: string, options?: CallOptions) {
    const path = { applicationId };
    return answer(await this.#api.getApplication({ path }, options));
  }

  async updateApplication(
    applicationId: string,
    body: models.UpdateApplicationRequest,
    options: ChangeOptions = {},
  ) {
    const header = { ifMatch: options.ifMatch };
    const path = { applicationId };
    return answer(
      await this.#api.updateApplication({ path, body, header }, options),
    );
  }

  async deleteApplication(applicationId: string, options: ChangeOptions = {}) {
    const header = { ifMatch: options.ifMatch };
    const path = { applicationId };
    return answer(await this.#api.deleteApplication({ path, header }, options));
  }

  async listApplicationRevisions(
    applicationId: string,
    page: PageRequest = {},
    options?: CallOptions,
  ) {
    const path = { applicationId };
    return answer(
      await this.#api.listApplicationRevisions({ path, query: page }, options),
    );
  }

  async getUser(userId: string, options?: CallOptions) {
    return answer(await this.#api.getUser({ path: { userId } }, options));
  }

  async listUserApplications(
    userId: string,
    page: PageRequest = {},
    options?: CallOptions,
  ) {
    const path = { userId };
    return answer(
      await this.#api.listUserApplications({ path, query: page }, options),
    );
  }

  async getUserApplicationStatus(
    userId: string,
    appId: string,
    options?: CallOptions,
  ) {
    const path = { userId, appId };
    return answer(await this.#api.getUserApplicationStatus({ path }, options));
  }

  async getUsage(request: UsageRequest, options?: CallOptions) {
    const query: unknown = { ...request };
    return answer(
      await this.#api.getUsage({ query: query as GetUsage['query'] }, options),
    );
  }
}

function named(headers: HeadersInit | undefined): Record<string, string> {
  // The generated code always passes a plain object.
  const given = Object.entries((headers ?? {}) as Record<string, string>);
  return Object.fromEntries(
    given
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [HEADERS[name] ?? name, value]),
  );
}

async function checked<T>(
  response: TypedResponse<T>,
): Promise<TypedResponse<T>> {
  if (!response.ok) {
    throw await ResponseError.fromResponse(response as Response);
  }
  return response;
}

async function answer<T>(response: TypedResponse<T>): Promise<models.Json<T>> {
  // The generated types promise dates; what arrives is JSON.
  const body: unknown = await (await checked(response)).json();
  return body as models.Json<T>;
}
