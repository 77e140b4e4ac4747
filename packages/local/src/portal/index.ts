export {
  writeLocalConfiguration,
  type LocalConfigurationOptions,
} from './configuration.ts';
export { ensurePortalBuild, type PortalBuild } from './ensureBuild.ts';
export type { Portal } from './Portal.ts';
export { MAX_REPLICAS } from './replicas.ts';
export { startBackend, type Backend } from './startBackend.ts';
export {
  endLeftoverPortal,
  startPortal,
  type Replicas,
  type StartPortalOptions,
} from './startPortal.ts';
