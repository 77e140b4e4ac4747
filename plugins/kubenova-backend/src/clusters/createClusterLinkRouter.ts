import {
  clusterReadPermission,
  clusterUpdatePermission,
} from '@kubenova/plugin-kubenova-common';
import {
  createTypedRouter,
  signalOf,
  type RouteGuard,
  type TypedRouter,
} from '../router';
import type { ClusterLinkService } from './ClusterLinkService';

export function createClusterLinkRouter(options: {
  clusterLinks: ClusterLinkService;
  guard: RouteGuard;
}): TypedRouter {
  const { clusterLinks, guard } = options;
  const router = createTypedRouter();

  router.get('/clusters/:clusterName/link', async (req, res) => {
    await guard.authorize(req, clusterReadPermission);
    res.json(await clusterLinks.get(req.params.clusterName));
  });

  router.post('/clusters/:clusterName/link/ping', async (req, res) => {
    await guard.authorize(req, clusterUpdatePermission);
    const name = req.params.clusterName;
    const event = { eventId: 'operator-ping', meta: { cluster: name } };
    const ping = await guard.audited(req, event, () =>
      clusterLinks.ping(name, { signal: signalOf(res) }),
    );
    res.json(ping);
  });

  router.post('/clusters/:clusterName/link/diagnostics', async (req, res) => {
    await guard.authorize(req, clusterUpdatePermission);
    const name = req.params.clusterName;
    const event = { eventId: 'operator-diagnose', meta: { cluster: name } };
    const diagnostics = await guard.audited(req, event, () =>
      clusterLinks.diagnose(name, { signal: signalOf(res) }),
    );
    res.json(diagnostics);
  });

  return router;
}
