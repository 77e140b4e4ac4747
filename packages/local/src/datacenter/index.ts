export type { Datacenter, DatacenterState, ImageArchive } from './types.ts';
export {
  binDirOf,
  upDatacenter,
  type UpDatacenterOptions,
} from './upDatacenter.ts';
export { downDatacenter } from './downDatacenter.ts';
export { listDatacenters } from './listDatacenters.ts';
export { clearLeftovers } from './clearLeftovers.ts';
export { cutDatacenter, restoreDatacenter } from './network.ts';
export { hasSnapshot, saveSnapshot } from './snapshots.ts';
export { STORAGE_CLASS } from './baseObjects/storage.ts';
export { InvalidDatacenterName } from './registry.ts';
