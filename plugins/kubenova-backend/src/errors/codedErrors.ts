import {
  ConflictError,
  CustomErrorBase,
  InputError,
  NotFoundError,
} from '@backstage/errors';
import type { KubenovaErrorCode } from '@kubenova/plugin-kubenova-common';

/*
 * Refusals that a program can switch on: the platform's errors, whose names decide the status, with a `code` of KubeNova's, which
 * Backstage's error middleware passes on like any field of an error. Messages are sentences that say what to do.
 */

/** 400: the request can't be right as it is. */
export class InvalidRequestError extends InputError {
  readonly code: KubenovaErrorCode;

  constructor(code: KubenovaErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** 404: what the request names is not there. */
export class UnknownObjectError extends NotFoundError {
  readonly code: KubenovaErrorCode;

  constructor(code: KubenovaErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** 409: the request would be right in another state of things. */
export class StateConflictError extends ConflictError {
  readonly code: KubenovaErrorCode;

  constructor(code: KubenovaErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** 502 or 504: an operator was asked, and has no answer, or none came. */
export class OperatorCallError extends CustomErrorBase {
  readonly name = 'OperatorCallError';
  readonly code: 'CALL_FAILED' | 'OUTCOME_UNKNOWN';

  constructor(code: 'CALL_FAILED' | 'OUTCOME_UNKNOWN', message: string) {
    super(message);
    this.code = code;
  }

  /** For the error middleware, which knows no name with this status. A getter, so that it stays out of the body. */
  get statusCode(): number {
    return this.code === 'OUTCOME_UNKNOWN' ? 504 : 502;
  }
}

/** 412: the change is based on something older than what is there. */
export class PreconditionFailedError extends CustomErrorBase {
  readonly name = 'PreconditionFailedError';
  readonly code: KubenovaErrorCode = 'ETAG_MISMATCH';

  /** For the error middleware, which knows no name with this status. A getter, so that it stays out of the body. */
  get statusCode(): number {
    return 412;
  }
}
