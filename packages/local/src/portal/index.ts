export {
  writeLocalConfiguration,
  type LocalConfigurationOptions,
} from './configuration.ts';
export { ensurePortalBuild, type PortalBuild } from './ensureBuild.ts';
export {
  endLeftoverPortal,
  startPortal,
  type Portal,
  type StartPortalOptions,
} from './startPortal.ts';
