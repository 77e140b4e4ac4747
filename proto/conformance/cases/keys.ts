import { uuid, type Signature } from '../patterns.ts';
import {
  challenge,
  closes,
  cut,
  dial,
  ends,
  firstSession,
  hello,
  manager,
  managerDoes,
  managerHas,
  operator,
  operatorHas,
  welcome,
} from '../steps.ts';
import type { ConformanceCase, Step } from '../types.ts';

const announcesNextKey = (rotation: string): Step[] => [
  manager('rotateKey', { id: uuid(rotation) }),
  operator('newKey', {
    id: uuid(rotation),
    publicKey: { publicKey: 'next' },
    proof: { signatureOf: 'newKey', by: 'the next key' },
    signature: { signatureOf: 'newKey', by: 'the present key' },
  }),
  manager('drain', { spreadMs: 0 }),
  operator('bye'),
  closes(),
  ends('OK'),
];

const dials = ([signature, epoch]: [Signature, bigint]): Step[] => [
  dial(),
  challenge(),
  hello(
    { signature, ackedSeq: 2n },
    { assignedSeq: 2n, highestEpoch: epoch - 1n },
  ),
  welcome(epoch, 2n),
  operator('digest'),
];

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
    name: 'A key is replaced without a gap: the new one is stored and proven before the old one is forgotten',
    rules: ['S7', 'S4'],
    steps: [
      ...firstSession(),
      managerDoes({ act: 'wishes for a new key' }),
      ...announcesNextKey('rotation'),
      ...dials([{ signatureOf: 'hello', by: 'the next key' }, 2n]),
      managerHas({ link: { epoch: 2, open: true } }),
      operatorHas({ linked: { status: 'True', reason: 'Connected' } }),
    ],
  },
  {
    name: 'Until the new key has opened a session, the old one is good; then it is not',
    rules: ['S7', 'end'],
    only: {
      side: 'manager',
      because: 'an operator of ours dials with the new key first',
    },
    steps: [
      ...firstSession(),
      managerDoes({ act: 'wishes for a new key' }),
      ...announcesNextKey('rotation'),
      ...dials([{ signatureOf: 'hello', by: 'the present key' }, 2n]),
      // The wish is not met, so it is repeated.
      manager('rotateKey', { id: uuid('rotation') }),
      cut(),
      ...dials([{ signatureOf: 'hello', by: 'the next key' }, 3n]),
      cut(),
      dial(),
      challenge(),
      hello(
        { signature: { signatureOf: 'hello', by: 'the present key' } },
        { highestEpoch: 3n },
      ),
      ends('UNAUTHENTICATED'),
    ],
  },
  {
    name: 'A new key that does not prove itself is a protocol error',
    rules: ['S7', 'end'],
    only: {
      side: 'manager',
      because: 'an operator of ours proves the key that it made',
    },
    steps: [
      ...firstSession(),
      managerDoes({ act: 'wishes for a new key' }),
      manager('rotateKey', { id: uuid('rotation') }),
      operator('newKey', {
        id: uuid('rotation'),
        publicKey: { publicKey: 'next' },
        proof: new Uint8Array(64),
        signature: { signatureOf: 'newKey', by: 'the present key' },
      }),
      ends('INVALID_ARGUMENT'),
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
