import { stringify } from 'yaml';
import type { ApplicationForm } from '../client/models';

/**
 * Makes KubeVela's Application of the plain form: one webservice, named like the application. A port is exposed, so that a Service
 * of the same name stands before the pods.
 *
 * @returns the YAML of one document, the same for the same form.
 *
 * @public
 */
export function applicationFromForm(
  application: { tenant: string; name: string },
  form: ApplicationForm,
): string {
  const { image, port, replicas, cpu, memory } = form;
  return stringify({
    apiVersion: 'core.oam.dev/v1beta1',
    kind: 'Application',
    metadata: {
      name: application.name,
      namespace: `${application.tenant}-apps`,
    },
    spec: {
      components: [
        {
          name: application.name,
          type: 'webservice',
          properties: {
            image,
            imagePullPolicy: 'IfNotPresent',
            ...(port !== undefined && { ports: [{ port, expose: true }] }),
            ...(cpu !== undefined && { cpu }),
            ...(memory !== undefined && { memory }),
          },
          ...(replicas !== undefined && {
            traits: [{ type: 'scaler', properties: { replicas } }],
          }),
        },
      ],
    },
  });
}
