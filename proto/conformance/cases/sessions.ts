import { uuid } from '../patterns.ts';
import {
  acked,
  challenge,
  closes,
  cut,
  dial,
  ends,
  events,
  firstSession,
  hello,
  manager,
  managerDoes,
  managerHas,
  nextSession,
  operator,
  operatorDoes,
  operatorHas,
  quiet,
  stream,
  tenant,
  turnsAway,
} from '../steps.ts';
import type { ConformanceCase } from '../types.ts';

const ONE_STREAM_AT_A_TIME = {
  side: 'manager',
  because: 'an operator of ours has one stream at a time',
} as const;

const b = stream('b');

export const SESSIONS: readonly ConformanceCase[] = [
  {
    name: 'The newest session of one process wins, and the older one is fenced',
    rules: ['S1', 'E4', 'D8'],
    only: ONE_STREAM_AT_A_TIME,
    steps: [
      ...firstSession(),
      b.dial(),
      b.challenge(),
      b.hello({ ackedSeq: 2n }, { assignedSeq: 2n, highestEpoch: 1n }),
      b.welcome(2n, 2n),
      ends('ABORTED'),
      b.operator('digest', { entries: [] }),
      b.events(3n, [tenant('acme')]),
      b.acked(3n),
      managerHas({
        link: { epoch: 2, ackedSeq: 3, open: true },
        told: ['acme Ready'],
      }),
    ],
  },
  {
    name: 'Another process waits until the first one says Bye',
    rules: ['S1'],
    only: ONE_STREAM_AT_A_TIME,
    steps: [
      ...firstSession(),
      b.dial(),
      b.challenge(),
      b.hello(
        { processInstance: uuid('the other process') },
        { ackedSeq: 2n, assignedSeq: 2n, highestEpoch: 1n },
      ),
      quiet('manager', 'drain'),
      operator('bye', { reason: 'restarting' }),
      ends('OK'),
      b.welcome(2n, 2n),
    ],
  },
  {
    name: 'Another process takes over from one that is silent',
    rules: ['S1', 'S2'],
    only: ONE_STREAM_AT_A_TIME,
    periods: { silence: 400 },
    steps: [
      ...firstSession(),
      b.dial(),
      b.challenge(),
      b.hello(
        { processInstance: uuid('the other process') },
        { ackedSeq: 2n, assignedSeq: 2n, highestEpoch: 1n },
      ),
      b.welcome(2n, 2n),
    ],
  },
  {
    name: 'An operator whose link another process holds dials again',
    rules: ['S1'],
    only: {
      side: 'operator',
      because: 'the Manager waits for the silence of the other process before',
    },
    steps: [
      dial(),
      challenge(),
      hello(),
      ends('ALREADY_EXISTS'),
      dial(),
      challenge(),
      hello(),
    ],
  },
  {
    name: 'Both sides send heartbeats',
    rules: ['S2'],
    steps: [
      ...firstSession(),
      manager('heartbeat'),
      operator('heartbeat'),
      manager('heartbeat'),
      operator('heartbeat'),
      managerHas({ link: { open: true } }),
    ],
  },
  {
    name: 'An operator that is silent is dead',
    rules: ['S2', 'end'],
    only: {
      side: 'manager',
      because: 'an operator of ours is never silent',
    },
    periods: { silence: 150 },
    steps: [
      ...firstSession(),
      ends('DEADLINE_EXCEEDED'),
      managerHas({ link: { open: false } }),
    ],
  },
  {
    name: 'A Manager that is silent is dead, and the operator dials again',
    rules: ['S2'],
    only: {
      side: 'operator',
      because: 'a Manager of ours is never silent',
    },
    steps: [
      ...firstSession({ heartbeatIntervalMs: 100 }),
      turnsAway(),
      dial(),
      challenge(),
      hello({ ackedSeq: 2n }),
    ],
  },
  {
    name: 'Each session is on a connection of its own after a Drain, and what was in flight is acknowledged before',
    rules: ['S4'],
    steps: [
      ...firstSession(),
      operatorDoes({ act: 'sees', event: tenant('acme') }),
      events(3n, [tenant('acme')]),
      acked(3n),
      managerDoes({ act: 'stops' }),
      manager('drain', {}, { spreadMs: 1 }),
      operator('bye'),
      closes(),
      ends('OK'),
      managerHas({ link: { open: false, ackedSeq: 3 } }),
      operatorHas({ ackedSeq: 3 }),
    ],
  },
  {
    name: 'A drained operator dials again at once',
    rules: ['S4'],
    only: {
      side: 'operator',
      because: 'a replica that drains takes no session any more',
    },
    steps: [
      ...firstSession(),
      manager('drain', { spreadMs: 1 }),
      operator('bye'),
      closes(),
      ends('OK'),
      ...nextSession({ epoch: 2n, ackedSeq: 2n }),
    ],
  },
  {
    name: 'An operator that stops says Bye, and why is written down',
    rules: ['S1', 'end'],
    steps: [
      ...firstSession(),
      operatorDoes({ act: 'stops' }),
      operator('bye', { reason: 'The operator stops.' }),
      closes(),
      ends('OK'),
      managerHas({ link: { open: false, closeReason: 'The operator stops.' } }),
    ],
  },
  {
    name: 'A session whose connection breaks is over, and the operator dials again',
    rules: ['S2', 'E6'],
    steps: [
      ...firstSession(),
      cut(),
      managerHas({ link: { open: false } }),
      ...nextSession({ epoch: 2n, ackedSeq: 2n }),
      managerHas({ link: { open: true, epoch: 2 } }),
    ],
  },
  {
    name: 'An operator that is fenced dials again',
    rules: ['E4', 'end'],
    only: {
      side: 'operator',
      because:
        'two sessions of one process at a time show it from the other side',
    },
    steps: [
      ...firstSession(),
      ends('ABORTED'),
      ...nextSession({ epoch: 2n, ackedSeq: 2n }),
    ],
  },
  {
    name: 'An operator that the replica has no room for, or that is not ready, dials again',
    rules: ['end', 'S5'],
    only: {
      side: 'operator',
      because: 'thousands of sessions would be needed',
    },
    steps: [
      dial(),
      challenge(),
      hello(),
      ends('RESOURCE_EXHAUSTED'),
      dial(),
      challenge(),
      hello(),
      ends('UNAVAILABLE'),
      dial(),
      challenge(),
      hello(),
    ],
  },
];
