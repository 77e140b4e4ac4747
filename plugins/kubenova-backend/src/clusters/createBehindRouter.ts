import {
  clusterReadPermission,
  clusterUpdatePermission,
} from '@kubenova/plugin-kubenova-common';
import {
  createTypedRouter,
  type RouteGuard,
  type TypedRouter,
} from '../router';
import type { BehindService } from './BehindService';

export function createBehindRouter(options: {
  behind: BehindService;
  guard: RouteGuard;
}): TypedRouter {
  const { behind, guard } = options;
  const router = createTypedRouter();

  router.get('/clusters/:clusterName/behind', async (req, res) => {
    await guard.authorize(req, clusterReadPermission);
    res.json(await behind.get(req.params.clusterName));
  });

  router.post('/clusters/:clusterName/behind/decisions', async (req, res) => {
    const actor = await guard.authorize(req, clusterUpdatePermission);
    const cluster = req.params.clusterName;
    const { decision, keys } = req.body;
    const meta = { cluster, decision, keys: keys?.map(({ key }) => key) ?? [] };
    const event = { eventId: 'cluster-behind-decide', meta };
    const left = await guard.audited(req, event, () =>
      behind.decide(cluster, req.body, { actor }),
    );
    res.json(left);
  });

  router.post('/clusters/:clusterName/retry', async (req, res) => {
    await guard.authorize(req, clusterUpdatePermission);
    const cluster = req.params.clusterName;
    const { key } = req.body;
    const event = { eventId: 'cluster-retry', meta: { cluster, key } };
    const retried = await guard.audited(req, event, () =>
      behind.retry(cluster, key),
    );
    res.status(202).json(retried);
  });

  return router;
}
