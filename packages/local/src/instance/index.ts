export type { Instance } from './types.ts';
export { cacheDirOf, openInstance, portsOf } from './openInstance.ts';
export {
  ensureMachineNetwork,
  removeMachineNetwork,
} from './machineNetwork.ts';
