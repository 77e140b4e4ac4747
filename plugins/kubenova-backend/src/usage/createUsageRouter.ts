import { usageReadPermission } from '@kubenova/plugin-kubenova-common';
import {
  createTypedRouter,
  type RouteGuard,
  type TypedRouter,
} from '../router';
import type { UsageQuery, UsageService } from './UsageService';

export function createUsageRouter(options: {
  guard: RouteGuard;
  usage: UsageService;
}): TypedRouter {
  const { guard, usage } = options;
  const router = createTypedRouter();

  router.get('/usage', async (req, res) => {
    await guard.authorize(req, usageReadPermission);
    // The generated types call `from` otherwise than it is called, and promise dates where there is text.
    const query: unknown = req.query;
    res.json(await usage.report(query as UsageQuery));
  });

  return router;
}
