/**
 * The catalog's resource of a cluster.
 *
 * @public
 */
export function clusterEntityRef(cluster: string): string {
  return `resource:default/${cluster}`;
}
