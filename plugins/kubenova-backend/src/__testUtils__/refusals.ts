import type { KubenovaErrorCode } from '@kubenova/plugin-kubenova-common';
import type { Test } from 'supertest';
import type { useTestManager } from './useTestManager';

/** A request that is refused: what is wrong with it, the status, the code, and the request itself. */
export type Refusal = [
  what: string,
  status: number,
  code: KubenovaErrorCode,
  ask: () => Test,
];

/** Sends a request and expects a refusal with a sentence, the code and the status, and that nothing changed. */
export async function expectRefusal(
  manager: ReturnType<typeof useTestManager>,
  [, status, code, ask]: Refusal,
): Promise<void> {
  const before = await manager.state();
  const answer = await ask();
  expect(answer.body.error).toMatchObject({
    code,
    message: expect.stringMatching(/\w/),
  });
  expect(answer.status).toBe(status);
  expect(await manager.state()).toEqual(before);
}
