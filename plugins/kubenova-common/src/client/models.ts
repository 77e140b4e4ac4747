import type * as generated from '../schema/openapi/generated/models';

/**
 * What JSON makes of a model: its times are ISO 8601 strings. (The generated models call them dates, which no answer holds.)
 *
 * @public
 */
export type Json<T> = T extends Date
  ? string
  : T extends Array<infer Item>
  ? Array<Json<Item>>
  : T extends object
  ? { [Key in keyof T]: Json<T[Key]> }
  : T;

/** @public */
export type Condition = Json<generated.Condition>;
/** @public */
export type SyncState = generated.SyncState;
/** @public */
export type SyncStatus = Json<generated.SyncStatus>;
/** @public */
export type Health = generated.Health;

/** @public */
export type BehindDecisionRequest = generated.BehindDecisionRequest;
/** @public */
export type BehindEntry = Json<generated.BehindEntry>;
/** @public */
export type BehindState = generated.BehindState;
/** @public */
export type ManagerBehind = Json<generated.ManagerBehind>;
/** @public */
export type RetriedState = generated.RetriedState;
/** @public */
export type LifecycleEntry = Json<generated.LifecycleEntry>;
/** @public */
export type LifecycleList = Json<generated.LifecycleList>;
/** @public */
export type ParkedEvent = Json<generated.ParkedEvent>;
/** @public */
export type ParkedEventList = Json<generated.ParkedEventList>;
/** @public */
export type ParkedEventReplay = Json<generated.ParkedEventReplay>;

/** @public */
export type BootstrapProgress = Json<generated.BootstrapProgress>;
/** @public */
export type Cluster = Json<generated.Cluster>;
/** @public */
export type ClusterCapacity = generated.ClusterCapacity;
/** @public */
export type ClusterComponent = Json<generated.ClusterComponent>;
/** @public */
export type ClusterConfig = generated.ClusterConfig;
/** @public */
export type ClusterConfigPatch = generated.ClusterConfigPatch;
/** @public */
export type ClusterList = Json<generated.ClusterList>;
/** @public */
export type ClusterStatus = generated.ClusterStatusEnum;
/** @public */
export type CreateClusterRequest = generated.CreateClusterRequest;
/** @public */
export type UpdateClusterRequest = generated.UpdateClusterRequest;
/** @public */
export type JoinCommand = Json<generated.JoinCommand>;
/** @public */
export type ClusterLink = Json<generated.ClusterLink>;
/** @public */
export type LinkDiagnostics = Json<generated.LinkDiagnostics>;
/** @public */
export type LinkError = Json<generated.LinkError>;
/** @public */
export type LinkPing = Json<generated.LinkPing>;
/** @public */
export type KeyRotation = Json<generated.KeyRotation>;

/** @public */
export type CreateTenantRequest = generated.CreateTenantRequest;
/** @public */
export type Placement = Json<generated.Placement>;
/** @public */
export type PlacementStatus = generated.PlacementStatusEnum;
/** @public */
export type Tenant = Json<generated.Tenant>;
/** @public */
export type TenantList = Json<generated.TenantList>;

/** @public */
export type Application = Json<generated.Application>;
/** @public */
export type ApplicationComponent = generated.ApplicationComponent;
/** @public */
export type ApplicationForm = generated.ApplicationForm;
/** @public */
export type ApplicationList = Json<generated.ApplicationList>;
/** @public */
export type ApplicationRevision = Json<generated.ApplicationRevision>;
/** @public */
export type ApplicationRevisionList = Json<generated.ApplicationRevisionList>;
/** @public */
export type ApplicationStatus = Json<generated.ApplicationStatus>;
/** @public */
export type CreateApplicationRequest = generated.CreateApplicationRequest;
/** @public */
export type Deployment = Json<generated.Deployment>;
/** @public */
export type UpdateApplicationRequest = generated.UpdateApplicationRequest;
/** @public */
export type WorkflowStep = generated.WorkflowStep;

/** @public */
export type User = Json<generated.User>;

/** @public */
export type UsageHour = Json<generated.UsageHour>;
/** @public */
export type UsageQuantities = generated.UsageQuantities;
/** @public */
export type UsageReport = Json<generated.UsageReport>;
/** @public */
export type UsageSeries = Json<generated.UsageSeries>;
