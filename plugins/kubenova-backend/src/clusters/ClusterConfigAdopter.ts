import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import type {
  ChangedRef,
  DesiredStateAdopter,
  HeldDesiredState,
} from '../link/types';
import type { ClusterConfig } from '../schema/openapi/generated/models';
import { objectIn, parseHeld } from '../sync';
import { CLUSTER_CONFIG_KEY } from './manifest';
import { adoptConfig } from './operations/adoptConfig';

/** Takes over the configuration that a datacenter has and the Manager forgot (D9). */
export class ClusterConfigAdopter implements DesiredStateAdopter {
  adopts(key: string): boolean {
    return key === CLUSTER_CONFIG_KEY;
  }

  async refusal(
    _tx: Knex.Transaction,
    cluster: { id: string },
    state: HeldDesiredState,
  ): Promise<string | undefined> {
    if (state.yaml === undefined) {
      return 'a cluster always has a configuration; overwrite it.';
    }
    if (state.uid !== cluster.id) {
      return 'it was made under another registration of this cluster; overwrite it.';
    }
    return configOf(state.yaml)
      ? undefined
      : 'it is no configuration that this release knows; overwrite it.';
  }

  async adopt(
    tx: Knex.Transaction,
    cluster: { id: string; name: string },
    state: HeldDesiredState,
    by: { at: DateTime },
  ): Promise<ChangedRef[]> {
    const config = state.yaml === undefined ? undefined : configOf(state.yaml);
    if (config) {
      await adoptConfig(tx, { clusterId: cluster.id, config, at: by.at });
    }
    return [{ kind: 'cluster', name: cluster.name }];
  }
}

/** What {@link novaClusterConfig} made the YAML of. */
function configOf(yaml: string): ClusterConfig | undefined {
  const object = parseHeld(yaml, 'NovaClusterConfig');
  const spec = object && objectIn(object, 'spec');
  if (
    typeof spec?.installCapsule !== 'boolean' ||
    typeof spec.installCapsuleProxy !== 'boolean' ||
    typeof spec.installKubeVela !== 'boolean' ||
    spec.kubeVelaProfile !== 'default'
  ) {
    return undefined;
  }
  const { targetStorageClass, capsuleProxyUrl } = spec;
  const annotations = Object.entries(objectIn(spec, 'targetLbAnnotations'));
  return {
    installCapsule: spec.installCapsule,
    installCapsuleProxy: spec.installCapsuleProxy,
    installKubeVela: spec.installKubeVela,
    kubeVelaProfile: spec.kubeVelaProfile,
    ...(typeof targetStorageClass === 'string' && { targetStorageClass }),
    ...(annotations.length > 0 && {
      targetLbAnnotations: Object.fromEntries(
        annotations.map(([name, value]) => [name, String(value)]),
      ),
    }),
    ...(typeof capsuleProxyUrl === 'string' && { capsuleProxyUrl }),
  };
}
