import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  type Entity,
} from '@backstage/catalog-model';

/** Marks an entity as made out of KubeNova's own records; the catalog refuses entities that do not say where they are from. */
export function managedEntity(
  entity: Entity,
  options: { path: string; annotations: Record<string, string> },
): Entity {
  const location = `kubenova:${options.path}`;
  return {
    ...entity,
    metadata: {
      ...entity.metadata,
      annotations: {
        [ANNOTATION_LOCATION]: location,
        [ANNOTATION_ORIGIN_LOCATION]: location,
        ...options.annotations,
      },
    },
  };
}
