export type { Instance } from './types.ts';
export { cacheDirOf, openInstance, portsOf } from './openInstance.ts';
export { withInstance } from './withInstance.ts';
export {
  ensureMachineNetwork,
  removeMachineNetwork,
} from './machineNetwork.ts';
