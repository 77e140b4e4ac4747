import { bytes, saying, uuid } from '../patterns.ts';
import {
  ends,
  firstSession,
  manager,
  managerDoes,
  managerHas,
  operator,
  quiet,
} from '../steps.ts';
import type { ConformanceCase, Step } from '../types.ts';

const NEEDS_A_KEY_TO_OPEN_IT = {
  side: 'operator',
  because:
    'answers are sealed for the replica that asks: link/calls has the tests that open them',
} as const;

const asks = (
  method: string,
  options: { payload?: Uint8Array; upToIndex?: number } = {},
): Step =>
  manager(
    'call',
    { id: uuid('question'), method },
    {
      payload: options.payload ?? new Uint8Array(),
      upToIndex: options.upToIndex ?? 7,
      deadlineMs: 10_000,
      recipientKey: bytes('recipient'),
    },
  );

export const CALLS: readonly ConformanceCase[] = [
  {
    name: 'A question that the operator does not know is answered with an error, in one last part',
    rules: ['S8'],
    steps: [
      ...firstSession(),
      managerDoes({ act: 'asks', method: 'nonsense' }),
      asks('nonsense'),
      operator('callChunk', {
        id: uuid('question'),
        index: 0,
        last: true,
        error: saying('nonsense'),
      }),
      managerHas({ asked: { outcome: 'failed' } }),
    ],
  },
  {
    name: 'A ping is answered in one part',
    rules: ['S8'],
    only: NEEDS_A_KEY_TO_OPEN_IT,
    steps: [
      ...firstSession(),
      asks('ping'),
      operator('callChunk', {
        id: uuid('question'),
        index: 0,
        last: true,
        error: '',
      }),
    ],
  },
  {
    name: 'No part of an answer is sent beyond its credit',
    rules: ['S8'],
    only: NEEDS_A_KEY_TO_OPEN_IT,
    steps: [
      ...firstSession(),
      asks('ping', { payload: new Uint8Array(40_000), upToIndex: 0 }),
      operator('callChunk', { id: uuid('question'), index: 0, last: false }),
      quiet('operator', 'callChunk'),
      manager('callCredit', { id: uuid('question'), upToIndex: 1 }),
      operator('callChunk', { id: uuid('question'), index: 1, last: false }),
      quiet('operator', 'callChunk'),
      manager('callCancel', { id: uuid('question') }),
      operator('callChunk', { id: uuid('question'), index: 2, last: true }),
      manager('callCredit', { id: uuid('question'), upToIndex: 9 }),
      quiet('operator', 'callChunk'),
    ],
  },
  {
    name: 'A part that answers no question is a protocol error',
    rules: ['S8', 'end'],
    only: {
      side: 'manager',
      because: 'an operator of ours answers what it was asked',
    },
    steps: [
      ...firstSession(),
      operator('callChunk', { id: uuid('nobody asked'), index: 0, last: true }),
      ends('INVALID_ARGUMENT'),
    ],
  },
  {
    name: 'A question whose session ends is not asked again: its outcome is unknown',
    rules: ['S8'],
    only: {
      side: 'manager',
      because: 'it is the Manager that asks',
    },
    steps: [
      ...firstSession(),
      managerDoes({ act: 'asks', method: 'ping' }),
      asks('ping'),
      operator('bye', { reason: 'restarting' }),
      ends('OK'),
      managerHas({ asked: { outcome: 'unknown' } }),
    ],
  },
];
