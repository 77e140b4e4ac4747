import express, { type Handler, type Router } from 'express';
import { createOpenApiRouter } from '../schema/openapi';
import { inputErrorCodes } from './inputErrorCodes';
import type { TypedRouter } from './typedRouter';

/** Puts the routers of the domains together: parse, validate against openapi.yaml, route, and give every refusal a code. */
export async function createRouter(options: {
  domains: readonly TypedRouter[];
}): Promise<Router> {
  const router = express.Router();
  // 1 MiB of YAML may double when it becomes a JSON string. Parsed out here, because the validating router hides what kind of error it was.
  router.use(express.json({ limit: '3mb' }));
  router.use(await validatingRouter());
  for (const domain of options.domains) {
    router.use(domain as unknown as Handler);
  }
  router.use(inputErrorCodes());
  return router;
}

async function validatingRouter(): Promise<Handler> {
  // It would otherwise parse bodies itself, with a limit of 100 kB.
  const bodyIsParsed: Handler = (_req, _res, next) => next();
  const router = await createOpenApiRouter({ middleware: [bodyIsParsed] });
  return router as unknown as Handler;
}
