import { stringify } from 'yaml';
import { parseHeld } from '../sync';
import type { PlainObject } from './checkApplicationYaml';

/** The key of a deployment in its cluster. */
export function applicationKey(application: {
  tenant: string;
  name: string;
}): string {
  return `applications/${application.tenant}/${application.name}`;
}

/**
 * Assembles the Application of a deployment: the user's object with the metadata that is KubeNova's to set.
 *
 * It is written as JSON, which is YAML that every parser reads alike: what was checked is what is applied. (A word such as `yes`, an
 * alias or a merge key means different things to different readers of YAML.)
 *
 * @returns one document, the same bytes for the same revision and deployment.
 */
export function velaApplication(
  application: PlainObject,
  deployment: { id: string; tenant: string; name: string },
): string {
  const metadata = objectOf(application.metadata);
  return JSON.stringify({
    ...application,
    metadata: {
      ...metadata,
      name: deployment.name,
      namespace: `${deployment.tenant}-apps`,
      labels: {
        ...objectOf(metadata.labels),
        'kubenova.io/tenant': deployment.tenant,
        'kubenova.io/application-uid': deployment.id,
      },
    },
  });
}

function objectOf(value: unknown): PlainObject {
  return typeof value === 'object' && value !== null
    ? (value as PlainObject)
    : {};
}

/**
 * The user's object of an Application that {@link velaApplication} assembled, as YAML: without what is KubeNova's to set.
 *
 * @returns `undefined` where it is not the Application of that deployment.
 */
export function userYaml(
  assembled: string,
  deployment: { id: string; tenant: string; name: string },
): string | undefined {
  const application = parseHeld(assembled, 'Application');
  const { namespace, labels, ...metadata } = objectOf(application?.metadata);
  const {
    'kubenova.io/tenant': tenant,
    'kubenova.io/application-uid': uid,
    ...userLabels
  } = objectOf(labels);
  const isTheirs =
    application &&
    metadata.name === deployment.name &&
    namespace === `${deployment.tenant}-apps` &&
    tenant === deployment.tenant &&
    uid === deployment.id;
  if (!isTheirs) {
    return undefined;
  }
  return stringify({
    ...application,
    metadata: {
      ...metadata,
      ...(Object.keys(userLabels).length > 0 && { labels: userLabels }),
    },
  });
}
