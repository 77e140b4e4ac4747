import type {
  Application,
  ApplicationList,
  ApplicationRevisionList,
  ApplicationStatus,
  BehindDecisionRequest,
  BootstrapProgress,
  Cluster,
  ClusterLink,
  ClusterList,
  CreateApplicationRequest,
  CreateClusterRequest,
  CreateTenantRequest,
  JoinCommand,
  LifecycleList,
  KeyRotation,
  LinkDiagnostics,
  LinkPing,
  ManagerBehind,
  ParkedEventList,
  ParkedEventReplay,
  RetriedState,
  Tenant,
  TenantList,
  UpdateApplicationRequest,
  UpdateClusterRequest,
  UsageReport,
  User,
} from './models';

/** @public */
export interface CallOptions {
  /** The caller's Backstage token; where `fetchApi` adds one by itself, none is needed. */
  token?: string;
}

/** @public */
export interface CreateOptions extends CallOptions {
  /** Makes a repetition within 24 hours be answered with the first answer. */
  idempotencyKey?: string;
}

/** @public */
export interface ChangeOptions extends CallOptions {
  /** The etag that the change is based on; a change based on an older one is refused (ETAG_MISMATCH). */
  ifMatch?: string;
}

/** @public */
export interface PageRequest {
  /** 1 to 500. */
  limit?: number;
  /** `nextCursor` of the page before. */
  cursor?: string;
}

/** @public */
export interface UsageRequest {
  tenant?: string;
  cluster?: string;
  /** ISO 8601; cut to a full hour in UTC. */
  from: string;
  /** ISO 8601, not included; cut to a full hour in UTC. */
  to: string;
}

/**
 * The Manager's REST API. Every method throws a `ResponseError` where the Manager refuses; `errorCodeOf` tells its code.
 *
 * @public
 */
export interface KubenovaApi {
  listClusters(page?: PageRequest, options?: CallOptions): Promise<ClusterList>;
  createCluster(
    request: CreateClusterRequest,
    options?: CreateOptions,
  ): Promise<Cluster>;
  getCluster(name: string, options?: CallOptions): Promise<Cluster>;
  updateCluster(
    name: string,
    request: UpdateClusterRequest,
    options?: ChangeOptions,
  ): Promise<Cluster>;
  deleteCluster(name: string, options?: ChangeOptions): Promise<void>;
  createJoinCommand(name: string, options?: CallOptions): Promise<JoinCommand>;
  /** How the link to the cluster's operator is. */
  getClusterLink(name: string, options?: CallOptions): Promise<ClusterLink>;
  /** Asks the operator, live, whether it is there. */
  pingOperator(name: string, options?: CallOptions): Promise<LinkPing>;
  /** Asks the operator, live, how it is. */
  diagnoseOperator(
    name: string,
    options?: CallOptions,
  ): Promise<LinkDiagnostics>;
  /** Asks the operator for a new key; the present one stays good until that has opened a session. */
  rotateOperatorKey(name: string, options?: CallOptions): Promise<KeyRotation>;
  /** Makes the operator's keys good for nothing, for good. */
  revokeOperatorKey(name: string, options?: CallOptions): Promise<void>;
  reportProgress(
    name: string,
    progress: BootstrapProgress,
    options?: CallOptions,
  ): Promise<Cluster>;
  /** What the datacenter has that the Manager does not know of; no entries where all is well. */
  getManagerBehind(name: string, options?: CallOptions): Promise<ManagerBehind>;
  /** Answers what is left to decide. */
  decideManagerBehind(
    name: string,
    request: BehindDecisionRequest,
    options?: CallOptions,
  ): Promise<ManagerBehind>;
  /** Steps in the lives of a cluster's objects, newest first; of the object of one key, or of all. */
  listLifecycle(
    name: string,
    request?: PageRequest & { key?: string },
    options?: CallOptions,
  ): Promise<LifecycleList>;
  /** Events of a cluster's operator that could not be written, in the order in which they came. */
  listParkedEvents(
    name: string,
    page?: PageRequest,
    options?: CallOptions,
  ): Promise<ParkedEventList>;
  /** Tries to write events again: those of these ids, or all. */
  replayParkedEvents(
    name: string,
    ids?: string[],
    options?: CallOptions,
  ): Promise<ParkedEventReplay>;
  /** Sends `tenants/<name>` or `applications/<tenant>/<name>` once more, where it failed, was refused or waits. */
  retryDesiredState(
    name: string,
    key: string,
    options?: CallOptions,
  ): Promise<RetriedState>;

  listTenants(page?: PageRequest, options?: CallOptions): Promise<TenantList>;
  createTenant(
    request: CreateTenantRequest,
    options?: CreateOptions,
  ): Promise<Tenant>;
  getTenant(name: string, options?: CallOptions): Promise<Tenant>;
  deleteTenant(name: string, options?: ChangeOptions): Promise<Tenant>;
  createPlacement(
    tenant: string,
    cluster: string,
    options?: ChangeOptions,
  ): Promise<Tenant>;
  deletePlacement(
    tenant: string,
    cluster: string,
    options?: ChangeOptions,
  ): Promise<Tenant>;

  listApplications(
    request?: PageRequest & {
      tenant?: string;
      name?: string;
      cluster?: string;
    },
    options?: CallOptions,
  ): Promise<ApplicationList>;
  createApplication(
    request: CreateApplicationRequest,
    options?: CreateOptions,
  ): Promise<Application>;
  getApplication(id: string, options?: CallOptions): Promise<Application>;
  updateApplication(
    id: string,
    request: UpdateApplicationRequest,
    options?: ChangeOptions,
  ): Promise<Application>;
  deleteApplication(id: string, options?: ChangeOptions): Promise<Application>;
  listApplicationRevisions(
    id: string,
    page?: PageRequest,
    options?: CallOptions,
  ): Promise<ApplicationRevisionList>;

  /** `me` is the caller. */
  getUser(id: string, options?: CallOptions): Promise<User>;
  listUserApplications(
    userId: string,
    page?: PageRequest,
    options?: CallOptions,
  ): Promise<ApplicationList>;
  getUserApplicationStatus(
    userId: string,
    applicationId: string,
    options?: CallOptions,
  ): Promise<ApplicationStatus>;

  getUsage(request: UsageRequest, options?: CallOptions): Promise<UsageReport>;
}
