import {
  challenge,
  closes,
  dial,
  ends,
  firstSession,
  hello,
  manager,
  managerHas,
  operator,
  operatorHas,
  strange,
  turnsAway,
  welcome,
} from '../steps.ts';
import { uuid } from '../patterns.ts';
import type { ConformanceCase, EndCode, Step } from '../types.ts';

const OPERATOR_KEEPS_THE_ORDER = {
  side: 'manager',
  because: 'an operator of ours does not break the order',
} as const;
const MANAGER_KEEPS_THE_ORDER = {
  side: 'operator',
  because: 'a Manager of ours does not break the order',
} as const;

const refusal = (
  name: string,
  code: EndCode,
  reason: string,
  steps: Step[],
): ConformanceCase => ({
  name,
  rules: ['opening', 'end', 'S7'],
  steps: [
    dial(),
    challenge(),
    ...steps,
    ends(code),
    operatorHas({ linked: { status: 'False', reason } }),
  ],
});

export const OPENING: readonly ConformanceCase[] = [
  {
    name: 'A session opens with Challenge, a signed Hello and Welcome, and then has the Digest',
    rules: ['opening', 'E6', 'E7', 'D8', 'D10'],
    steps: [
      ...firstSession(),
      managerHas({ link: { epoch: 1, ackedSeq: 2, open: true } }),
      operatorHas({
        highestEpoch: 1,
        ackedSeq: 2,
        linked: { status: 'True', reason: 'Connected' },
      }),
    ],
  },
  refusal(
    'A Hello that is not signed with the enrolled key is refused',
    'UNAUTHENTICATED',
    'Unauthenticated',
    [hello({}, { signature: new Uint8Array(64) })],
  ),
  refusal(
    'A Hello for a cluster without an operator is refused',
    'PERMISSION_DENIED',
    'PermissionDenied',
    [hello({}, { novaClusterId: '00000000-0000-4000-8000-000000000000' })],
  ),
  refusal(
    'A version of the protocol that the Manager does not speak is refused',
    'FAILED_PRECONDITION',
    'FailedPrecondition',
    [hello({}, { protocolVersion: 2 })],
  ),
  {
    name: 'Ids in a Hello that are no UUIDs are a protocol error',
    rules: ['opening', 'end'],
    only: OPERATOR_KEEPS_THE_ORDER,
    steps: [
      dial(),
      challenge(),
      hello({}, { incarnation: 'first' }),
      ends('INVALID_ARGUMENT', 'UUIDs'),
    ],
  },
  ...(['unset', 'unknown'] as const).map(
    (frame): ConformanceCase => ({
      name: `A frame that is ${frame} in place of the Hello is a protocol error`,
      rules: ['opening', 'end'],
      only: OPERATOR_KEEPS_THE_ORDER,
      steps: [
        dial(),
        challenge(),
        strange('operator', frame),
        ends('INVALID_ARGUMENT'),
      ],
    }),
  ),
  {
    name: 'Any other frame in place of the Hello is a protocol error',
    rules: ['opening', 'end'],
    only: OPERATOR_KEEPS_THE_ORDER,
    steps: [
      dial(),
      challenge(),
      operator('heartbeat'),
      ends('INVALID_ARGUMENT'),
    ],
  },
  {
    name: 'A second Hello is a protocol error',
    rules: ['opening', 'end'],
    only: OPERATOR_KEEPS_THE_ORDER,
    steps: [...firstSession(), hello(), ends('INVALID_ARGUMENT')],
  },
  {
    name: 'A stream that brings no Hello in time is ended',
    rules: ['opening', 'end', 'S2'],
    only: {
      side: 'manager',
      because: 'an operator of ours answers the Challenge at once',
    },
    periods: { hello: 50 },
    steps: [dial(), challenge(), ends('DEADLINE_EXCEEDED')],
  },
  {
    name: 'An operator that closes its half before the Hello ends in order',
    rules: ['opening', 'end'],
    only: OPERATOR_KEEPS_THE_ORDER,
    steps: [dial(), challenge(), closes(), ends('OK')],
  },
  ...(['unset', 'unknown'] as const).map(
    (frame): ConformanceCase => ({
      name: `A frame of the Manager that is ${frame} ends the session, and the operator dials again`,
      rules: ['opening', 'end'],
      only: MANAGER_KEEPS_THE_ORDER,
      steps: [
        ...firstSession(),
        strange('manager', frame),
        turnsAway(),
        dial(),
        challenge(),
        hello({ ackedSeq: 2n }),
      ],
    }),
  ),
  {
    name: 'A Welcome before the Challenge is not obeyed',
    rules: ['opening'],
    only: MANAGER_KEEPS_THE_ORDER,
    steps: [
      dial(),
      welcome(7n, 0n),
      turnsAway(),
      operatorHas({ highestEpoch: 0 }),
    ],
  },
  {
    name: 'A desired state before the Welcome is not stored',
    rules: ['opening', 'D4'],
    only: MANAGER_KEEPS_THE_ORDER,
    steps: [
      dial(),
      challenge(),
      hello(),
      manager('applyYaml', {
        number: 1n,
        key: 'tenants/acme',
        generation: 1n,
        uid: uuid('acme'),
        content: { case: 'tombstone', value: {} },
      }),
      turnsAway(),
      operatorHas({ holds: [], highestEpoch: 0 }),
    ],
  },
  {
    name: 'A second Welcome ends the session',
    rules: ['opening', 'D8'],
    only: MANAGER_KEEPS_THE_ORDER,
    steps: [
      ...firstSession(),
      welcome(2n, 2n),
      turnsAway(),
      operatorHas({ highestEpoch: 1 }),
    ],
  },
  {
    name: 'An operator that was joined to another installation says nothing and tells people why',
    rules: ['opening'],
    only: {
      side: 'operator',
      because: 'a Manager has one installation id',
    },
    steps: [
      dial(),
      manager(
        'challenge',
        {},
        {
          nonce: new Uint8Array(32),
          installationId: 'another',
        },
      ),
      turnsAway(),
      operatorHas({
        linked: { status: 'False', reason: 'OtherInstallation' },
      }),
    ],
  },
  {
    name: 'An operator that gets no Challenge in time dials again',
    rules: ['opening'],
    only: {
      side: 'operator',
      because: 'a Manager of ours speaks first, at once',
    },
    periods: { opening: 100 },
    steps: [dial(), turnsAway(), dial(), turnsAway()],
  },
];
