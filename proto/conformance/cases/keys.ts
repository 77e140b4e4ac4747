import {
  challenge,
  dial,
  ends,
  firstSession,
  hello,
  managerDoes,
  managerHas,
  operatorHas,
} from '../steps.ts';
import type { ConformanceCase } from '../types.ts';

export const KEYS: readonly ConformanceCase[] = [
  {
    name: 'A token is bound to the first key, which may enrol again; another key may not',
    rules: ['S7', 'end'],
    only: {
      side: 'manager',
      because: 'an operator of ours enrols once',
    },
    steps: [
      { step: 'enroll', token: 'good', code: 'OK' },
      {
        step: 'enroll',
        token: 'used by another key',
        code: 'PERMISSION_DENIED',
      },
      { step: 'enroll', token: 'unknown', code: 'PERMISSION_DENIED' },
      ...firstSession(),
    ],
  },
  {
    name: 'A key that is revoked ends its session, and opens none any more',
    rules: ['S7', 'E4', 'end'],
    steps: [
      ...firstSession(),
      managerDoes({ act: 'revokes the key' }),
      ends('ABORTED'),
      dial(),
      challenge(),
      hello({}, { highestEpoch: 1n }),
      ends('PERMISSION_DENIED'),
      operatorHas({ linked: { status: 'False', reason: 'PermissionDenied' } }),
      managerHas({ link: { open: false } }),
    ],
  },
];
