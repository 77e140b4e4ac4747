export {
  writeLocalConfiguration,
  type LocalConfigurationOptions,
} from './configuration.ts';
export { ensurePortalBuild, type PortalBuild } from './ensureBuild.ts';
export {
  startPortal,
  type Portal,
  type StartPortalOptions,
} from './startPortal.ts';
