import { ResponseError } from '@backstage/errors';
import type { KubenovaErrorCode } from '@kubenova/plugin-kubenova-common';

export type Refusal = {
  status: number;
  message: string;
  code?: KubenovaErrorCode;
};

/** The error that the real client throws when the Manager answers like this. */
export async function refusalError(refusal: Refusal): Promise<ResponseError> {
  const { status, message, code } = refusal;
  const body = {
    error: { name: 'Error', message, code },
    response: { statusCode: status },
  };
  const text = JSON.stringify(body);
  return ResponseError.fromResponse({
    ok: false,
    status,
    statusText: '',
    redirected: false,
    url: 'http://localhost/api/kubenova',
    headers: { get: () => 'application/json' },
    text: async () => text,
    json: async () => body,
  } as unknown as Response);
}
