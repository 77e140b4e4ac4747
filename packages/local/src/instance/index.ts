export type { Instance } from './types.ts';
export { cacheDirOf, openInstance } from './openInstance.ts';
export {
  ensureMachineNetwork,
  removeMachineNetwork,
} from './machineNetwork.ts';
