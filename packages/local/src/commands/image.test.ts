import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { imageCommand } from './image.ts';
import { CommandError } from './types.ts';

describe('./kubenova image', () => {
  for (const args of [
    [],
    ['save'],
    ['save', 'pause'],
    ['load', 'operator'],
    ['save', 'operator', 'capsule-proxy'],
    ['save', 'operator', '--outptu', 'x.tar'],
  ]) {
    it(`answers "${args.join(' ')}" with how to call it`, async () => {
      await assert.rejects(
        imageCommand({
          root: '/nowhere',
          args,
          env: {},
          signal: new AbortController().signal,
        }),
        (error: Error) =>
          error instanceof CommandError &&
          error.message.includes('image save operator|capsule-proxy'),
      );
    });
  }
});
