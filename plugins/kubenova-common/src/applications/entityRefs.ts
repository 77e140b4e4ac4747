/**
 * The catalog's component of an application, in its tenant's namespace of the catalog.
 *
 * @public
 */
export function applicationEntityRef(application: {
  tenant: string;
  name: string;
}): string {
  return `component:${application.tenant}/${application.name}`;
}
