import {
  applicationCreatePermission,
  applicationDeletePermission,
  applicationReadPermission,
  applicationUpdatePermission,
} from '@kubenova/plugin-kubenova-common';
import {
  createTypedRouter,
  readPage,
  type RouteGuard,
  type TypedRouter,
} from '../router';
import type { UserService } from '../users';
import type { ApplicationReader } from './ApplicationReader';
import type { ApplicationService } from './ApplicationService';

export function createApplicationRouter(options: {
  applicationReader: ApplicationReader;
  applications: ApplicationService;
  guard: RouteGuard;
  users: UserService;
}): TypedRouter {
  const { applicationReader, applications, guard, users } = options;
  const router = createTypedRouter();

  router.get('/applications', async (req, res) => {
    await guard.authorize(req, applicationReadPermission);
    const { tenant, name, cluster } = req.query;
    const filter = { tenant, name, cluster };
    res.json(await applicationReader.list(readPage(req.query, 2), filter));
  });

  router.post('/applications', async (req, res) => {
    const actor = await guard.authorize(req, applicationCreatePermission);
    const { tenant, name, clusters } = req.body;
    const meta = { tenant, name, clusters };
    const idempotencyKey = req.get('Idempotency-Key');
    const event = { eventId: 'application-create', meta };
    const application = await guard.audited(req, event, () =>
      applications.create(req.body, { actor, idempotencyKey }),
    );
    res.status(201).json(application);
  });

  router.get('/applications/:applicationId', async (req, res) => {
    await guard.authorize(req, applicationReadPermission);
    res.json(await applicationReader.get(req.params.applicationId));
  });

  router.put('/applications/:applicationId', async (req, res) => {
    const actor = await guard.authorize(req, applicationUpdatePermission);
    const id = req.params.applicationId;
    const event = { eventId: 'application-update', meta: { id } };
    const ifMatch = req.get('If-Match');
    const application = await guard.audited(req, event, () =>
      applications.update(id, req.body, { actor, ifMatch }),
    );
    res.json(application);
  });

  router.delete('/applications/:applicationId', async (req, res) => {
    await guard.authorize(req, applicationDeletePermission);
    const id = req.params.applicationId;
    const event = { eventId: 'application-delete', meta: { id } };
    const application = await guard.audited(req, event, () =>
      applications.delete(id, { ifMatch: req.get('If-Match') }),
    );
    res.status(202).json(application);
  });

  router.get('/applications/:applicationId/revisions', async (req, res) => {
    await guard.authorize(req, applicationReadPermission);
    const page = readPage(req.query, 1);
    res.json(await applicationReader.revisions(req.params.applicationId, page));
  });

  router.get('/users/:userId/apps', async (req, res) => {
    const actor = await guard.authorize(req, applicationReadPermission);
    await users.read(actor, req.params.userId);
    // A user may see every application, as everyone is an administrator (users/administrators.ts).
    res.json(await applicationReader.list(readPage(req.query, 2)));
  });

  router.get('/users/:userId/apps/:appId/status', async (req, res) => {
    const actor = await guard.authorize(req, applicationReadPermission);
    await users.read(actor, req.params.userId);
    res.json(await applicationReader.status(req.params.appId));
  });

  return router;
}
