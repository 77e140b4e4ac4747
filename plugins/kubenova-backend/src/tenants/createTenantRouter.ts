import {
  tenantCreatePermission,
  tenantDeletePermission,
  tenantPlacePermission,
  tenantReadPermission,
} from '@kubenova/plugin-kubenova-common';
import {
  createTypedRouter,
  readPage,
  type RouteGuard,
  type TypedRouter,
} from '../router';
import type { TenantService } from './TenantService';

export function createTenantRouter(options: {
  guard: RouteGuard;
  tenants: TenantService;
}): TypedRouter {
  const { guard, tenants } = options;
  const router = createTypedRouter();

  router.get('/tenants', async (req, res) => {
    await guard.authorize(req, tenantReadPermission);
    res.json(await tenants.list(readPage(req.query, 1)));
  });

  router.post('/tenants', async (req, res) => {
    const actor = await guard.authorize(req, tenantCreatePermission);
    const { name, clusters } = req.body;
    const event = { eventId: 'tenant-create', meta: { name, clusters } };
    const idempotencyKey = req.get('Idempotency-Key');
    const tenant = await guard.audited(req, event, () =>
      tenants.create(req.body, { actor, idempotencyKey }),
    );
    res.status(201).json(tenant);
  });

  router.get('/tenants/:tenantName', async (req, res) => {
    await guard.authorize(req, tenantReadPermission);
    res.json(await tenants.get(req.params.tenantName));
  });

  router.delete('/tenants/:tenantName', async (req, res) => {
    await guard.authorize(req, tenantDeletePermission);
    const name = req.params.tenantName;
    const event = { eventId: 'tenant-delete', meta: { name } };
    const tenant = await guard.audited(req, event, () =>
      tenants.delete(name, { ifMatch: req.get('If-Match') }),
    );
    res.status(202).json(tenant);
  });

  router.put(
    '/tenants/:tenantName/placements/:clusterName',
    async (req, res) => {
      await guard.authorize(req, tenantPlacePermission);
      const { tenantName, clusterName } = req.params;
      const event = { eventId: 'placement-create', meta: { ...req.params } };
      const tenant = await guard.audited(req, event, () =>
        tenants.createPlacement(tenantName, clusterName, {
          ifMatch: req.get('If-Match'),
        }),
      );
      res.json(tenant);
    },
  );

  router.delete(
    '/tenants/:tenantName/placements/:clusterName',
    async (req, res) => {
      await guard.authorize(req, tenantPlacePermission);
      const { tenantName, clusterName } = req.params;
      const event = { eventId: 'placement-delete', meta: { ...req.params } };
      const tenant = await guard.audited(req, event, () =>
        tenants.deletePlacement(tenantName, clusterName, {
          ifMatch: req.get('If-Match'),
        }),
      );
      res.status(202).json(tenant);
    },
  );

  return router;
}
