import {
  clusterReadPermission,
  clusterUpdatePermission,
} from '@kubenova/plugin-kubenova-common';
import {
  createTypedRouter,
  readPage,
  type RouteGuard,
  type TypedRouter,
} from '../router';
import type { ParkedEventService } from './ParkedEventService';

export function createParkedEventRouter(options: {
  guard: RouteGuard;
  parkedEvents: ParkedEventService;
}): TypedRouter {
  const { guard, parkedEvents } = options;
  const router = createTypedRouter();

  router.get('/clusters/:clusterName/parked-events', async (req, res) => {
    await guard.authorize(req, clusterReadPermission);
    const page = readPage(req.query, 3);
    res.json(await parkedEvents.list(req.params.clusterName, page));
  });

  router.post(
    '/clusters/:clusterName/parked-events/replay',
    async (req, res) => {
      await guard.authorize(req, clusterUpdatePermission);
      const cluster = req.params.clusterName;
      const meta = { cluster, ids: req.body.ids ?? [] };
      const event = { eventId: 'parked-events-replay', meta };
      const result = await guard.audited(req, event, () =>
        parkedEvents.replay(cluster, req.body),
      );
      res.json(result);
    },
  );

  return router;
}
