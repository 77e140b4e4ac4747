import { userReadPermission } from '@kubenova/plugin-kubenova-common';
import {
  createTypedRouter,
  type RouteGuard,
  type TypedRouter,
} from '../router';
import type { UserService } from './UserService';

export function createUserRouter(options: {
  guard: RouteGuard;
  users: UserService;
}): TypedRouter {
  const { guard, users } = options;
  const router = createTypedRouter();

  router.get('/users/:userId', async (req, res) => {
    const actor = await guard.authorize(req, userReadPermission);
    const user = await users.read(actor, req.params.userId);
    res.json({ ...user, createdAt: user.createdAt.toJSDate() });
  });

  return router;
}
