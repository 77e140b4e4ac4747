import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { applicationEntityRef } from '@kubenova/plugin-kubenova-common';
import type { KubenovaService } from '@kubenova/plugin-kubenova-node';

/** `kubenova:application:deploy`: an application in placements of its tenant, with the rights of the person who runs it. */
export function deployApplicationAction(options: {
  kubenova: KubenovaService;
}) {
  return createTemplateAction({
    id: 'kubenova:application:deploy',
    description: 'Deploys an application into placements of a tenant',
    schema: {
      input: {
        tenant: z => z.string(),
        name: z => z.string().describe('A DNS label of 1 to 40 characters'),
        clusters: z => z.array(z.string()).min(1).describe('Cluster names'),
        yaml: z => z.string().optional().describe('A KubeVela Application'),
        image: z => z.string().optional().describe('Instead of yaml'),
        port: z => z.number().int().optional(),
        replicas: z => z.number().int().optional(),
      },
      output: {
        applicationId: z => z.string().describe('UUID of the application'),
        entityRef: z => z.string().describe('Its component in the catalog'),
      },
    },
    async handler(ctx) {
      const { tenant, name, clusters, yaml, image, port, replicas } = ctx.input;
      if ((yaml === undefined) === (image === undefined)) {
        throw new InputError('Give either yaml or image, not both.');
      }
      const content = image ? { form: { image, port, replicas } } : { yaml };
      const api = await options.kubenova.forCredentials(
        await ctx.getInitiatorCredentials(),
      );
      const application = await api.createApplication(
        { tenant, name, clusters, ...content },
        // A task that is run again after a crash must not trip over what it made before.
        { idempotencyKey: `scaffolder:${ctx.task.id}:app:${tenant}:${name}` },
      );
      ctx.logger.info(`Deployed ${tenant}/${name} to ${clusters.join(', ')}`);
      ctx.output('applicationId', application.id);
      ctx.output('entityRef', applicationEntityRef(application));
    },
  });
}
