export type { Instance } from './types.ts';
export { openInstance } from './openInstance.ts';
export { ensureMachineNetwork, removeMachineNetwork } from './machineNetwork.ts';
