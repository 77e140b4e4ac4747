export {
  ensureControlPlaneTools,
  ensureOperatorTools,
  ensureToolchain,
  isToolchainBuilt,
  type EnsureToolchainOptions,
} from './ensureToolchain.ts';
export { findCommand } from './findCommand.ts';
export { installPrerequisites } from './installPrerequisites.ts';
export {
  missingPrerequisites,
  type MissingPrerequisite,
} from './missingPrerequisites.ts';
export { toolSets, versionOf } from './pins.ts';
export type { Toolchain } from './toolchainFolders.ts';
