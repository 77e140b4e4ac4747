import {
  clusterCreatePermission,
  clusterDeletePermission,
  clusterJoinPermission,
  clusterReadPermission,
  clusterUpdatePermission,
} from '@kubenova/plugin-kubenova-common';
import {
  createTypedRouter,
  readPage,
  type RouteGuard,
  type TypedRouter,
} from '../router';
import type { ClusterService } from './ClusterService';
import type { JoinTokenService } from './JoinTokenService';
import type { OperatorKeyService } from './OperatorKeyService';

export function createClusterRouter(options: {
  clusters: ClusterService;
  guard: RouteGuard;
  joinTokens: JoinTokenService;
  operatorKeys: OperatorKeyService;
}): TypedRouter {
  const { clusters, guard, joinTokens, operatorKeys } = options;
  const router = createTypedRouter();

  router.get('/clusters', async (req, res) => {
    await guard.authorize(req, clusterReadPermission);
    res.json(await clusters.list(readPage(req.query, 1)));
  });

  router.post('/clusters', async (req, res) => {
    const actor = await guard.authorize(req, clusterCreatePermission);
    const event = { eventId: 'cluster-create', meta: { name: req.body.name } };
    const cluster = await guard.audited(req, event, () =>
      clusters.create(req.body, {
        actor,
        idempotencyKey: req.get('Idempotency-Key'),
      }),
    );
    res.status(201).json(cluster);
  });

  router.get('/clusters/:clusterName', async (req, res) => {
    await guard.authorize(req, clusterReadPermission);
    res.json(await clusters.get(req.params.clusterName));
  });

  router.put('/clusters/:clusterName', async (req, res) => {
    await guard.authorize(req, clusterUpdatePermission);
    const name = req.params.clusterName;
    const event = { eventId: 'cluster-update', meta: { name } };
    const cluster = await guard.audited(req, event, () =>
      clusters.update(name, req.body, { ifMatch: req.get('If-Match') }),
    );
    res.json(cluster);
  });

  router.delete('/clusters/:clusterName', async (req, res) => {
    await guard.authorize(req, clusterDeletePermission);
    const name = req.params.clusterName;
    const event = { eventId: 'cluster-delete', meta: { name } };
    await guard.audited(req, event, () =>
      clusters.delete(name, { ifMatch: req.get('If-Match') }),
    );
    res.status(204).end();
  });

  router.post('/clusters/:clusterName/join-command', async (req, res) => {
    const actor = await guard.authorize(req, clusterJoinPermission);
    const name = req.params.clusterName;
    const event = { eventId: 'join-token-create', meta: { cluster: name } };
    const command = await guard.audited(req, event, () =>
      joinTokens.createCommand(name, { actor }),
    );
    res.status(201).json(command);
  });

  router.post('/clusters/:clusterName/link/rotate-key', async (req, res) => {
    await guard.authorize(req, clusterUpdatePermission);
    const name = req.params.clusterName;
    const event = { eventId: 'operator-key-rotate', meta: { cluster: name } };
    const rotation = await guard.audited(req, event, () =>
      operatorKeys.rotate(name),
    );
    res.status(202).json(rotation);
  });

  router.post('/clusters/:clusterName/link/revoke-key', async (req, res) => {
    await guard.authorize(req, clusterUpdatePermission);
    const name = req.params.clusterName;
    const event = { eventId: 'operator-key-revoke', meta: { cluster: name } };
    await guard.audited(req, event, () => operatorKeys.revoke(name));
    res.status(204).end();
  });

  router.put('/clusters/:clusterName/progress', async (req, res) => {
    await guard.authorize(req, clusterUpdatePermission);
    const name = req.params.clusterName;
    // Not audited: whoever sets a cluster up tells it every second or so, and it changes nothing but what people see.
    res.json(await clusters.reportProgress(name, req.body));
  });

  return router;
}
