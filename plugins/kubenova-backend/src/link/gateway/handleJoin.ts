import { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import { OperatorRegistry } from '../types';
import { RateLimits } from './limits/RateLimits';
import { NodeRequest, NodeResponse } from './streamContext';

const JOIN_PATH = '/v1/join';

/**
 * Everything on the listener that is no RPC: `GET /v1/join` gives the manifest to the bearer of a join token, over HTTP/1.1 or 2. The
 * token comes in a header, because URLs are logged.
 */
export async function handleJoin(
  request: NodeRequest,
  response: NodeResponse,
  options: {
    registry: OperatorRegistry;
    rates: RateLimits;
    logger: LoggerService;
  },
): Promise<void> {
  if (request.url !== JOIN_PATH) {
    respond(response, 404, `There is nothing here but GET ${JOIN_PATH}.`);
    return;
  }
  if (request.method !== 'GET') {
    respond(response, 405, `Use GET ${JOIN_PATH}.`);
    return;
  }
  const tooMany = options.rates.manifest(request.socket?.remoteAddress ?? '');
  if (tooMany) {
    const seconds = Math.ceil(tooMany.retryAfterMs / 1_000);
    response.setHeader('retry-after', String(seconds));
    respond(response, 429, `${tooMany.message}.`);
    return;
  }
  const token = /^Bearer (?<token>\S+)$/i.exec(
    request.headers.authorization ?? '',
  )?.groups?.token;
  if (!token) {
    respond(
      response,
      401,
      "Send the join token in the header 'Authorization: Bearer <token>'; the cluster's page in the portal shows the whole command.",
    );
    return;
  }
  try {
    const result = await options.registry.joinManifest(token);
    if (result.outcome === 'ok') {
      respond(response, 200, result.manifest, 'application/yaml');
    } else {
      respond(response, 403, result.message);
    }
  } catch (error) {
    options.logger.error('The join manifest could not be made', toError(error));
    respond(response, 500, 'The Manager could not make the manifest.');
  }
}

function respond(
  response: NodeResponse,
  status: number,
  body: string,
  type = 'text/plain',
): void {
  response.statusCode = status;
  response.setHeader('content-type', `${type}; charset=utf-8`);
  response.setHeader('cache-control', 'no-store');
  response.end(status === 200 ? body : `${body}\n`);
}
