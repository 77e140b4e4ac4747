import { clusterReadPermission } from '@kubenova/plugin-kubenova-common';
import {
  createTypedRouter,
  readPage,
  type RouteGuard,
  type TypedRouter,
} from '../router';
import type { LifecycleService } from './LifecycleService';

export function createLifecycleRouter(options: {
  guard: RouteGuard;
  lifecycle: LifecycleService;
}): TypedRouter {
  const { guard, lifecycle } = options;
  const router = createTypedRouter();

  router.get('/clusters/:clusterName/lifecycle', async (req, res) => {
    await guard.authorize(req, clusterReadPermission);
    const { clusterName } = req.params;
    const { key } = req.query;
    res.json(
      await lifecycle.list(clusterName, readPage(req.query, 2), { key }),
    );
  });

  return router;
}
