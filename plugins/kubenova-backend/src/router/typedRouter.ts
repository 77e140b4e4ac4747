import PromiseRouter from 'express-promise-router';
import type { createOpenApiRouter } from '../schema/openapi';

/** A router whose routes, requests and answers are those of openapi.yaml. */
export type TypedRouter = Awaited<ReturnType<typeof createOpenApiRouter>>;

/**
 * A router for the routes of one domain. It only has the types: requests were validated by the one router that they all hang below, as
 * each validating router compiles, and then applies, the whole of openapi.yaml.
 */
export function createTypedRouter(): TypedRouter {
  return PromiseRouter() as unknown as TypedRouter;
}
