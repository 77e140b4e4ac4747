import type {
  Application,
  BehindDecisionRequest,
  BehindEntry,
  ClusterLink,
  Cluster,
  CreateApplicationRequest,
  CreateClusterRequest,
  CreateTenantRequest,
  KubenovaApi,
  ParkedEventList,
  Tenant,
  UpdateApplicationRequest,
  UsageReport,
  UsageRequest,
} from '@kubenova/plugin-kubenova-common';
import {
  applicationOf,
  clusterOf,
  deploymentIn,
  diagnosticsOf,
  linkOf,
  placementIn,
  tenantOf,
} from './fixtures';
import { type Refusal, refusalError } from './refusal';

type State = {
  clusters?: Cluster[];
  tenants?: Tenant[];
  applications?: Application[];
  usage?: UsageReport;
  behind?: BehindEntry[];
  parked?: ParkedEventList;
  link?: ClusterLink;
};

/**
 * A Manager in memory, which a test fills, changes and reads. It keeps what it
 * is given and decides nothing: a test says what it refuses.
 */
export class FakeKubenovaApi implements KubenovaApi {
  clusters: Cluster[];
  tenants: Tenant[];
  applications: Application[];
  usage: UsageReport;
  /** Of whatever cluster. */
  behind: BehindEntry[];
  /** Of whatever cluster. */
  parked: ParkedEventList;
  /** Of whatever cluster. */
  link: ClusterLink;
  /** Bodies of the changes that were asked for, in order. */
  readonly requests: unknown[] = [];
  readonly #refusals = new Map<keyof KubenovaApi, Refusal>();

  constructor(state: State = {}) {
    this.clusters = state.clusters ?? [];
    this.tenants = state.tenants ?? [];
    this.applications = state.applications ?? [];
    this.usage = state.usage ?? { from: '', to: '', series: [] };
    this.behind = state.behind ?? [];
    this.parked = state.parked ?? { items: [] };
    this.link = state.link ?? linkOf();
  }

  /** Refuses every call of a method, until it is allowed again. */
  refuse(method: keyof KubenovaApi, refusal: Refusal): void {
    this.#refusals.set(method, refusal);
  }

  allow(method: keyof KubenovaApi): void {
    this.#refusals.delete(method);
  }

  async listClusters() {
    await this.#check('listClusters');
    return { items: this.clusters };
  }

  async getCluster(name: string) {
    await this.#check('getCluster');
    return this.#found(this.clusters.find(c => c.name === name));
  }

  async createCluster(request: CreateClusterRequest) {
    await this.#check('createCluster', request);
    const { name, datacenter } = request;
    const cluster = clusterOf(name, {
      datacenter,
      status: 'pending_bootstrap',
      lastSeenAt: undefined,
    });
    this.clusters = [...this.clusters, cluster];
    return cluster;
  }

  async updateCluster(name: string) {
    await this.#check('updateCluster');
    return this.getCluster(name);
  }

  async deleteCluster(name: string) {
    await this.#check('deleteCluster', name);
    this.clusters = this.clusters.filter(c => c.name !== name);
  }

  async createJoinCommand(name: string) {
    await this.#check('createJoinCommand', name);
    return {
      command: `curl https://manager.example/v1/join | kubectl apply -f - # ${name}`,
      token: 'token',
      expiresAt: '2099-01-01T00:00:00.000Z',
      linkUrl: 'https://manager.example',
      pinnedKey: 'sha256//key',
      manifest: 'kind: Namespace',
    };
  }

  async getClusterLink() {
    await this.#check('getClusterLink');
    return this.link;
  }

  async pingOperator(name: string) {
    await this.#check('pingOperator', name);
    return { roundTripMs: 8.4 };
  }

  async diagnoseOperator(name: string) {
    await this.#check('diagnoseOperator', name);
    return diagnosticsOf();
  }

  async rotateOperatorKey(name: string) {
    await this.#check('rotateOperatorKey', name);
    return { requestedAt: '2026-11-24T06:00:00.000Z' };
  }

  async revokeOperatorKey(name: string) {
    await this.#check('revokeOperatorKey', name);
  }

  async reportProgress(name: string) {
    return this.getCluster(name);
  }

  async listLifecycle() {
    await this.#check('listLifecycle');
    return { items: [] };
  }

  async listParkedEvents() {
    await this.#check('listParkedEvents');
    return this.parked;
  }

  /** Writes all but those that are unreadable. */
  async replayParkedEvents(_name: string, ids?: string[]) {
    await this.#check('replayParkedEvents', { ids });
    const remaining = this.parked.items.filter(
      ({ code }) => code === 'UNREADABLE',
    );
    const replayed = this.parked.items.length - remaining.length;
    this.parked = { items: remaining };
    return { replayed, remaining };
  }

  async getManagerBehind() {
    await this.#check('getManagerBehind');
    return { entries: this.behind };
  }

  async decideManagerBehind(_name: string, request: BehindDecisionRequest) {
    await this.#check('decideManagerBehind', request);
    const decided = request.keys?.map(({ key }) => key);
    this.behind = this.behind.filter(
      ({ key }) => decided !== undefined && !decided.includes(key),
    );
    return { entries: this.behind };
  }

  async retryDesiredState(name: string, key: string) {
    await this.#check('retryDesiredState', { name, key });
    return { key, generation: 2 };
  }

  async listTenants() {
    await this.#check('listTenants');
    return { items: this.tenants };
  }

  async getTenant(name: string) {
    await this.#check('getTenant');
    return this.#found(this.tenants.find(t => t.name === name));
  }

  async createTenant(request: CreateTenantRequest) {
    await this.#check('createTenant', request);
    const { name, displayName = '', clusters } = request;
    const placements = clusters.map(cluster => placementIn(cluster));
    const tenant = tenantOf(name, { displayName, placements });
    this.tenants = [...this.tenants, tenant];
    return tenant;
  }

  async deleteTenant(name: string) {
    await this.#check('deleteTenant', name);
    return this.#changeTenant(name, { deleting: true });
  }

  async createPlacement(name: string, cluster: string) {
    await this.#check('createPlacement', { name, cluster });
    const { placements } = await this.getTenant(name);
    return this.#changeTenant(name, {
      placements: [...placements, placementIn(cluster)],
    });
  }

  async deletePlacement(name: string, cluster: string) {
    await this.#check('deletePlacement', { name, cluster });
    const { placements } = await this.getTenant(name);
    return this.#changeTenant(name, {
      placements: placements.filter(p => p.cluster !== cluster),
    });
  }

  async listApplications(request: { tenant?: string } = {}) {
    await this.#check('listApplications');
    const { tenant } = request;
    return {
      items: this.applications.filter(a => !tenant || a.tenant === tenant),
    };
  }

  async getApplication(id: string) {
    await this.#check('getApplication');
    return this.#found(this.applications.find(a => a.id === id));
  }

  async createApplication(request: CreateApplicationRequest) {
    await this.#check('createApplication', request);
    const { tenant, name, clusters } = request;
    const deployments = clusters.map(cluster => deploymentIn(cluster));
    const application = applicationOf(name, { tenant, deployments });
    this.applications = [...this.applications, application];
    return application;
  }

  async updateApplication(id: string, request: UpdateApplicationRequest) {
    await this.#check('updateApplication', request);
    return this.getApplication(id);
  }

  async deleteApplication(id: string) {
    await this.#check('deleteApplication', id);
    this.applications = this.applications.map(a =>
      a.id === id ? { ...a, deleting: true, sync: 'Deleting' as const } : a,
    );
    return this.getApplication(id);
  }

  async listApplicationRevisions(id: string) {
    const { revision, yaml, createdBy, createdAt } = await this.getApplication(
      id,
    );
    return { items: [{ revision, yaml, createdBy, createdAt }] };
  }

  async getUser() {
    return {
      id: 'me',
      entityRef: 'user:development/guest',
      createdAt: '2026-11-24T06:00:00.000Z',
    };
  }

  async listUserApplications() {
    return this.listApplications();
  }

  async getUserApplicationStatus(_userId: string, id: string) {
    const { id: applicationId, ...status } = await this.getApplication(id);
    return { applicationId, ...status };
  }

  async getUsage(request: UsageRequest) {
    await this.#check('getUsage');
    return { ...this.usage, from: request.from, to: request.to };
  }

  async #check(method: keyof KubenovaApi, request?: unknown): Promise<void> {
    if (request !== undefined) {
      this.requests.push(request);
    }
    const refusal = this.#refusals.get(method);
    if (refusal) {
      throw await refusalError(refusal);
    }
  }

  async #found<T>(item: T | undefined): Promise<T> {
    if (item === undefined) {
      throw await refusalError({ status: 404, message: 'There is none.' });
    }
    return item;
  }

  #changeTenant(name: string, change: Partial<Tenant>): Promise<Tenant> {
    this.tenants = this.tenants.map(t =>
      t.name === name ? { ...t, ...change } : t,
    );
    return this.getTenant(name);
  }
}
