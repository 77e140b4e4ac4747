import { InputError } from '@backstage/errors';
import type { ErrorRequestHandler } from 'express';
import { InvalidRequestError } from '../errors';

/**
 * Gives a code to what is refused before a route sees it: bodies that are too large or no JSON, and requests that openapi.yaml does not
 * describe.
 */
export function inputErrorCodes(): ErrorRequestHandler {
  return (error, _req, _res, next) => {
    if (error?.type === 'entity.too.large') {
      next(
        new InvalidRequestError(
          'YAML_TOO_LARGE',
          'The request is too large; an application has at most 1 MiB of YAML.',
        ),
      );
    } else if (error?.type === 'entity.parse.failed') {
      next(
        new InvalidRequestError(
          'INPUT_INVALID',
          `Send the body as JSON: ${error.message}.`,
        ),
      );
    } else if (InputError.is(error) && !('code' in error)) {
      next(new InvalidRequestError('INPUT_INVALID', error.message));
    } else {
      next(error);
    }
  };
}
