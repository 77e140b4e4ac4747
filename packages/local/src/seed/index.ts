export { joinCluster, type JoinClusterOptions } from './joinCluster.ts';
export { PortalApi, PortalApiError, type PortalAnswer } from './PortalApi.ts';
export { ProgressTold } from './ProgressTold.ts';
export {
  ensureCluster,
  ensureSampleApplication,
  ensureSampleTenant,
  SAMPLE_APPLICATION,
  SAMPLE_TENANT,
  untilConnected,
} from './sample.ts';
