import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { tenantGroupRef } from '@kubenova/plugin-kubenova-common';
import type { KubenovaService } from '@kubenova/plugin-kubenova-node';

/** `kubenova:tenant:create`: a tenant with a placement in each of the named clusters, with the rights of the person who runs it. */
export function createTenantAction(options: { kubenova: KubenovaService }) {
  return createTemplateAction({
    id: 'kubenova:tenant:create',
    description: 'Creates a tenant and places it in clusters',
    schema: {
      input: {
        name: z => z.string().describe('A DNS label of 1 to 40 characters'),
        displayName: z => z.string().optional(),
        clusters: z => z.array(z.string()).min(1).describe('Cluster names'),
      },
      output: {
        tenantId: z => z.string().describe('UUID of the tenant'),
        entityRef: z => z.string().describe('Its group in the catalog'),
      },
    },
    async handler(ctx) {
      const api = await options.kubenova.forCredentials(
        await ctx.getInitiatorCredentials(),
      );
      const { name, displayName, clusters } = ctx.input;
      const tenant = await api.createTenant(
        { name, displayName, clusters },
        // A task that is run again after a crash must not trip over what it made before.
        { idempotencyKey: `scaffolder:${ctx.task.id}:tenant:${name}` },
      );
      ctx.logger.info(`Created tenant ${tenant.name}`);
      ctx.output('tenantId', tenant.id);
      ctx.output('entityRef', tenantGroupRef(tenant.name));
    },
  });
}
