/**
 * What a program can switch on when the Manager refuses something: `error.code` of an answer's body.
 *
 * @public
 */
export const kubenovaErrorCodes = [
  'NAME_INVALID',
  'NAME_RESERVED',
  'NAME_TAKEN',
  'NAME_BEING_DELETED',
  'CLUSTER_NOT_FOUND',
  'TENANT_NOT_FOUND',
  'APPLICATION_NOT_FOUND',
  'USER_NOT_FOUND',
  'PLACEMENT_NOT_FOUND',
  'PLACEMENT_DELETING',
  'TENANT_NOT_EMPTY',
  'CLUSTER_NOT_EMPTY',
  'YAML_INVALID',
  'YAML_TOO_LARGE',
  'YAML_NOT_APPLICATION',
  'YAML_HAS_SECRET',
  'YAML_FOREIGN_NAMESPACE',
  'YAML_NAME_MISMATCH',
  'FORM_OR_YAML',
  'ETAG_MISMATCH',
  'IDEMPOTENCY_KEY_REUSED',
  'CURSOR_INVALID',
  'RANGE_INVALID',
  'ALREADY_CONNECTED',
  'OPERATOR_NOT_ENROLLED',
  'KEY_ROTATION_UNSUPPORTED',
  'MANAGER_BEHIND',
  'BEHIND_CHANGED',
  'BEHIND_KEY_NOT_FOUND',
  'NOT_ADOPTABLE',
  'NOT_RETRYABLE',
  'NOT_CONNECTED',
  'CALL_UNSUPPORTED',
  'CALL_FAILED',
  'OUTCOME_UNKNOWN',
  'INPUT_INVALID',
] as const;

/** @public */
export type KubenovaErrorCode = (typeof kubenovaErrorCodes)[number];

const known: ReadonlySet<unknown> = new Set(kubenovaErrorCodes);

/**
 * The code of an error that {@link KubenovaClient} threw or that a task's log holds; `undefined` where it has none.
 *
 * @public
 */
export function errorCodeOf(error: unknown): KubenovaErrorCode | undefined {
  if (typeof error !== 'object' || error === null) {
    return undefined;
  }
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (known.has(code)) {
    return code as KubenovaErrorCode;
  }
  return cause === error ? undefined : errorCodeOf(cause);
}
