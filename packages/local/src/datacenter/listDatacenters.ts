import type { Instance } from '../instance/index.ts';
import { readDatacenters } from './registry.ts';
import type { Datacenter, DatacenterState } from './types.ts';
import { isUp } from './state.ts';

/** All datacenters of the instance, by name. One of which only a part runs counts as down. */
export async function listDatacenters(
  instance: Instance,
): Promise<Array<Datacenter & { state: DatacenterState }>> {
  const datacenters = await readDatacenters(instance);
  return datacenters.map(datacenter => ({
    ...datacenter,
    state: isUp(datacenter) ? 'up' : 'down',
  }));
}
