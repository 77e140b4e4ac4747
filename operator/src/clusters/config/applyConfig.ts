/**
 * The NovaClusterConfig is applied without force (M3): a field that somebody else owns stays as that one wants it, and the condition
 * Overridden tells which, by whom and since when.
 */
import {
  GENERATION_ANNOTATION,
  KubeApiError,
  kinds,
} from '../../kube/index.ts';
import type { KubeClient } from '../../kube/index.ts';
import type { FieldConflict } from '../../kube/KubeApiError.ts';
import type { NovaClusterConfig } from '../types.ts';
import { withoutField } from './withoutField.ts';

export type AppliedConfig = {
  config: NovaClusterConfig;
  overridden: FieldConflict[];
};

export async function applyConfig(options: {
  kube: KubeClient;
  wanted: NovaClusterConfig;
  generation: number;
}): Promise<AppliedConfig> {
  const { kube } = options;
  let object: NovaClusterConfig = {
    ...options.wanted,
    metadata: {
      ...options.wanted.metadata,
      annotations: {
        ...options.wanted.metadata.annotations,
        [GENERATION_ANNOTATION]: `${options.generation}`,
      },
    },
  };
  const overridden: FieldConflict[] = [];
  for (;;) {
    try {
      const config = await kube.apply<NovaClusterConfig>(object, {
        force: false,
      });
      return { config, overridden };
    } catch (error) {
      if (!KubeApiError.is(error, 409) || error.conflicts.length === 0) {
        throw error;
      }
      const known = overridden.length;
      for (const conflict of error.conflicts) {
        const less = withoutField(object, conflict.field);
        if (less) {
          object = less as NovaClusterConfig;
          overridden.push(conflict);
        }
      }
      if (overridden.length === known) {
        throw error;
      }
    }
  }
}

/** The object as it is, whoever made it. */
export function getConfig(
  kube: KubeClient,
): Promise<NovaClusterConfig | undefined> {
  return kube.get<NovaClusterConfig>(kinds.NOVA_CLUSTER_CONFIG, {
    name: 'cluster',
  });
}

/** A sentence about each overridden field, with the manager and its time. */
export function overriddenMessage(
  config: NovaClusterConfig,
  overridden: readonly FieldConflict[],
): string {
  return overridden
    .map(({ field, message }) => {
      const manager = /conflict with "([^"]+)"/.exec(message)?.[1] ?? 'someone';
      const time = config.metadata.managedFields?.find(
        entry => entry.manager === manager && entry.subresource === undefined,
      )?.time;
      return `${field.replace(/^\./, '')} is kept as "${manager}" set it${
        time ? ` at ${time}` : ''
      }`;
    })
    .join('; ');
}
