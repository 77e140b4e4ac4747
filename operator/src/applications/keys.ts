import { appsNamespace } from '../kube/index.ts';

export type ApplicationName = { tenant: string; application: string };

const PREFIX = 'applications/';

export function applicationKey(name: ApplicationName): string {
  return `${PREFIX}${name.tenant}/${name.application}`;
}

/** What a desired state's key names; `undefined` for keys of other kinds. */
export function parseApplicationKey(key: string): ApplicationName | undefined {
  if (!key.startsWith(PREFIX)) {
    return undefined;
  }
  const [tenant, application] = key.slice(PREFIX.length).split('/');
  return { tenant, application };
}

export function refOf(name: ApplicationName): {
  namespace: string;
  name: string;
} {
  return { namespace: appsNamespace(name.tenant), name: name.application };
}
