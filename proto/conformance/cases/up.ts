import { uuid } from '../patterns.ts';
import {
  acked,
  challenge,
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
  snapshotMarks,
  tenant,
  tenantRecord,
  turnsAway,
  welcome,
} from '../steps.ts';
import type { ConformanceCase, Observed, Step } from '../types.ts';
import { accepts, ACME, applies, wants } from './desired.ts';

/** How far the Manager lets an operator go beyond what is acknowledged (S5). */
const CREDIT_EVENTS = 2_048n;
/** Marks of the first session. */
const OPENED = 2n;

const sees = (event: Observed): Step => operatorDoes({ act: 'sees', event });

const applied = (generation: number) =>
  ({
    of: 'applyResult',
    key: ACME,
    uid: uuid(ACME),
    generation,
    outcome: 'Applied',
  } as const);

/** An outcome with a message of some length. */
const told = (message: string) =>
  ({
    of: 'applyResult',
    key: ACME,
    uid: uuid(ACME),
    generation: 1,
    outcome: 'Failed',
    message,
  } as const);

const OUR_OPERATOR_COUNTS = {
  side: 'manager',
  because: 'an operator of ours gives sequences without a gap',
} as const;
const NEEDS_A_LATE_ACK = {
  side: 'operator',
  because: 'a Manager of ours acknowledges as soon as it can',
} as const;

export const UP: readonly ConformanceCase[] = [
  {
    name: 'Events go up in order, and are acknowledged once they are committed',
    rules: ['E1', 'E6'],
    steps: [
      ...firstSession(),
      sees(tenant('acme')),
      sees(tenant('beta')),
      events(3n, [tenant('acme'), tenant('beta')]),
      acked(4n),
      managerHas({
        told: ['acme Ready', 'beta Ready'],
        link: { ackedSeq: 4 },
      }),
      operatorHas({ ackedSeq: 4, assignedSeq: 4 }),
    ],
  },
  {
    name: 'A gap in the sequences is a protocol error, and nothing after it is committed',
    rules: ['E1', 'end'],
    only: OUR_OPERATOR_COUNTS,
    steps: [
      ...firstSession(),
      events(4n, [tenant('acme')]),
      ends('INVALID_ARGUMENT', 'gap'),
      managerHas({ link: { ackedSeq: 2, open: false }, told: [] }),
    ],
  },
  {
    name: 'Events that were received before are acknowledged again and not applied again',
    rules: ['E1', 'E6'],
    only: OUR_OPERATOR_COUNTS,
    steps: [
      ...firstSession(),
      events(3n, [tenant('acme')]),
      acked(3n),
      events(3n, [tenant('acme')]),
      acked(3n),
      events(4n, [tenant('beta')]),
      acked(4n),
      managerHas({ told: ['acme Ready', 'beta Ready'] }),
    ],
  },
  {
    name: 'An event beyond the credit is a protocol error',
    rules: ['S5', 'E1', 'end'],
    only: OUR_OPERATOR_COUNTS,
    steps: [
      ...firstSession(),
      events(
        3n,
        Array.from({ length: Number(CREDIT_EVENTS) + 1 }, () => tenant('acme')),
      ),
      ends('INVALID_ARGUMENT', 'credit'),
    ],
  },
  {
    name: 'No event is sent beyond the credit, and what waits there has no sequence yet',
    rules: ['S5', 'E1'],
    only: NEEDS_A_LATE_ACK,
    steps: [
      ...firstSession({ upToSeq: 3n }),
      sees(tenant('acme')),
      sees(tenant('beta', 'Pending')),
      sees(tenant('gamma')),
      events(3n, [tenant('acme')]),
      quiet('operator', 'eventBatch'),
      operatorHas({ assignedSeq: 3 }),
      // A newer state takes the place of the one that waits, and does not go to the back.
      sees(tenant('beta', 'Ready')),
      acked(3n, { upToSeq: 5n }),
      events(4n, [tenant('beta', 'Ready'), tenant('gamma')]),
      acked(5n),
      operatorHas({ ackedSeq: 5 }),
    ],
  },
  {
    name: 'No more bytes of events are sent than the credit has, until it has more',
    rules: ['S5'],
    only: NEEDS_A_LATE_ACK,
    steps: [
      // The marks of the opening take less, and the first of these more.
      ...firstSession({ upToBytes: 1_000n }),
      sees(told('x'.repeat(800))),
      quiet('operator', 'eventBatch'),
      operatorHas({ assignedSeq: 2 }),
      acked(2n, { upToBytes: 5_000n }),
      operator('eventBatch', { events: [{ seq: 3n, truncated: false }] }),
    ],
  },
  {
    name: 'An event is at most 64 KiB: what is longer is cut, with a flag',
    rules: ['S5'],
    only: {
      side: 'operator',
      because: 'it is the operator that cuts',
    },
    steps: [
      ...firstSession(),
      sees(told('x'.repeat(70_000))),
      operator('eventBatch', { events: [{ seq: 3n, truncated: true }] }),
    ],
  },
  {
    name: 'An event of more than 64 KiB is a protocol error',
    rules: ['S5', 'end'],
    only: OUR_OPERATOR_COUNTS,
    steps: [
      ...firstSession(),
      events(3n, [told('x'.repeat(70_000))]),
      ends('INVALID_ARGUMENT'),
      managerHas({ link: { ackedSeq: 2 } }),
    ],
  },
  {
    name: 'An event that was sent is immutable: a newer state of its key goes up beside it',
    rules: ['E1'],
    steps: [
      ...firstSession(),
      sees(tenant('acme', 'Pending')),
      events(3n, [tenant('acme', 'Pending')]),
      sees(tenant('acme', 'Ready')),
      events(4n, [tenant('acme', 'Ready')]),
      acked(4n),
      managerHas({ told: ['acme Pending', 'acme Ready'] }),
    ],
  },
  {
    name: 'What was not acknowledged is sent again in the next session, with the same sequences',
    rules: ['E1', 'E6'],
    only: NEEDS_A_LATE_ACK,
    steps: [
      ...firstSession(),
      sees(tenant('acme')),
      sees(tenantRecord('beta')),
      events(3n, [tenant('acme'), tenantRecord('beta')]),
      cut(),
      dial(),
      challenge(),
      hello({ ackedSeq: 2n, assignedSeq: 4n }),
      welcome(2n, 2n),
      operator('digest', { entries: [] }),
      events(3n, [tenant('acme'), tenantRecord('beta')]),
      acked(4n),
      operatorHas({ ackedSeq: 4 }),
    ],
  },
  {
    name: 'What is committed is not sent again in the next session',
    rules: ['E6', 'E4'],
    steps: [
      ...firstSession(),
      sees(tenant('acme')),
      events(3n, [tenant('acme')]),
      acked(3n),
      managerHas({ link: { ackedSeq: 3 } }),
      operatorHas({ ackedSeq: 3 }),
      cut(),
      ...nextSession({ epoch: 2n, ackedSeq: 3n }),
      sees(tenant('beta')),
      events(4n, [tenant('beta')]),
      acked(4n),
      managerHas({ told: ['acme Ready', 'beta Ready'] }),
    ],
  },
  {
    name: 'A Manager that lost what it had committed gets the records again, and a snapshot',
    rules: ['E6', 'E7'],
    steps: [
      ...firstSession(),
      operatorDoes({ act: 'knows', events: [tenant('present')] }),
      sees(tenant('state')),
      sees(tenantRecord('record')),
      events(3n, [tenant('state'), tenantRecord('record')]),
      acked(4n),
      managerHas({ link: { ackedSeq: 4 } }),
      operatorHas({ ackedSeq: 4 }),
      cut(),
      managerHas({ link: { open: false } }),
      managerDoes({ act: 'forgets events', after: OPENED }),
      dial(),
      challenge(),
      hello({ ackedSeq: 4n }, { assignedSeq: 4n, highestEpoch: 1n }),
      welcome(2n, OPENED),
      manager('snapshotRequest', { id: uuid('asked for') }),
      operator('digest', { entries: [] }),
      operator('eventBatch'),
    ],
  },
  {
    name: 'A Hello that continues asks for no snapshot',
    rules: ['E7'],
    steps: [
      ...firstSession(),
      cut(),
      managerHas({ link: { open: false } }),
      ...nextSession({ epoch: 2n, ackedSeq: 2n }),
      quiet('manager', 'snapshotRequest'),
    ],
  },
  {
    name: 'A snapshot lies between its marks',
    rules: ['E7'],
    steps: [
      operatorDoes({ act: 'knows', events: [tenant('acme'), tenant('beta')] }),
      dial(),
      challenge(),
      hello(),
      welcome(1n, 0n),
      manager('snapshotRequest', { id: uuid('snapshot') }),
      operator('digest', { entries: [] }),
      events(1n, snapshotMarks('snapshot', [tenant('acme'), tenant('beta')])),
      acked(4n),
      managerHas({ told: ['acme Ready', 'beta Ready'] }),
    ],
  },
  {
    name: 'A snapshot of a few keys has only those, and no marks',
    rules: ['E7'],
    only: {
      side: 'operator',
      because: 'the Manager asks so for what it had to set aside: see E9',
    },
    steps: [
      ...firstSession(),
      operatorDoes({ act: 'knows', events: [tenant('acme'), tenant('beta')] }),
      manager('snapshotRequest', {
        id: uuid('of one'),
        keys: ['status/tenants/beta'],
      }),
      events(3n, [tenant('beta')]),
      quiet('operator', 'eventBatch'),
    ],
  },
  {
    name: 'A copy of a journal, which does not know of the session that acknowledged last, is told a sequence that it never gave',
    rules: ['E6'],
    only: {
      side: 'manager',
      because: 'what an operator does then is a case of its own',
    },
    steps: [
      ...firstSession(),
      cut(),
      managerHas({ link: { open: false } }),
      ...nextSession({ epoch: 2n, ackedSeq: 2n }),
      events(3n, [tenant('acme')]),
      acked(3n),
      cut(),
      managerHas({ link: { open: false } }),
      dial(),
      challenge(),
      hello({ ackedSeq: 2n, assignedSeq: 3n, highestEpoch: 1n }),
      welcome(3n, 4n),
    ],
  },
  {
    name: 'A journal that went back begins a new incarnation, from the first sequence',
    rules: ['E6', 'E4'],
    only: NEEDS_A_LATE_ACK,
    steps: [
      ...firstSession(),
      cut(),
      dial(),
      challenge(),
      hello({ ackedSeq: 2n, assignedSeq: 2n }),
      welcome(2n, 500n),
      turnsAway(),
      dial(),
      challenge(),
      hello({
        incarnation: uuid('the next journal'),
        ackedSeq: 0n,
        assignedSeq: 0n,
      }),
      welcome(3n, 0n),
      operator('digest', { entries: [] }),
      sees(tenant('acme')),
      events(1n, [tenant('acme')]),
      acked(1n),
    ],
  },
  {
    name: 'Another incarnation is acknowledged from 0, and asked for a snapshot',
    rules: ['E4', 'E7'],
    only: {
      side: 'manager',
      because: 'the journal of an operator of ours stays',
    },
    steps: [
      ...firstSession(),
      cut(),
      managerHas({ link: { open: false } }),
      dial(),
      challenge(),
      hello({ incarnation: uuid('the next journal') }, { highestEpoch: 0n }),
      welcome(2n, 0n),
      manager('snapshotRequest', { id: uuid('the next snapshot') }),
      operator('digest', { entries: [] }),
      events(1n, snapshotMarks('the next snapshot', [tenant('acme')])),
      acked(3n),
      managerHas({ link: { ackedSeq: 3 }, told: ['acme Ready'] }),
    ],
  },
  {
    name: 'The outcome of an apply is an event like any other, and one of an older generation changes nothing',
    rules: ['E2', 'E3'],
    steps: [
      ...firstSession(),
      wants(ACME, 'v: 1'),
      applies(1n, 1n, ACME, 'v: 1'),
      accepts(1n, 1n, ACME),
      wants(ACME, 'v: 2'),
      applies(2n, 2n, ACME, 'v: 2'),
      accepts(2n, 2n, ACME),
      managerHas({ desired: { key: ACME, acceptedGeneration: 2 } }),
      sees(applied(2)),
      events(3n, [applied(2)]),
      acked(3n),
      sees({ ...applied(1), outcome: 'Failed' }),
      events(4n, [{ ...applied(1), outcome: 'Failed' }]),
      acked(4n),
      managerHas({ desired: { key: ACME, outcome: 'Applied' } }),
    ],
  },
  {
    name: 'An hour of usage is a record with a map of its minutes',
    rules: ['E8'],
    steps: [
      ...firstSession(),
      sees({
        of: 'usageRecord',
        tenant: 'acme',
        hour: '2026-01-05T10:00:00.000Z',
        minutes: 0b101n,
      }),
      events(3n, [
        {
          of: 'usageRecord',
          tenant: 'acme',
          hour: '2026-01-05T10:00:00.000Z',
          minutes: 0b101n,
        },
      ]),
      acked(3n),
      managerHas({ parked: 0 }),
    ],
  },
  {
    name: 'A step in the life of an object is a record beside its state, for a Manager that takes such',
    rules: ['E8'],
    steps: [
      dial(),
      challenge(),
      hello(),
      manager(
        'welcome',
        { epoch: 1n, ackedSeq: 0n, capabilities: ['lifecycle-records'] },
        {
          credit: {
            upToSeq: 100n,
            maxBatchBytes: 65_536n,
            upToBytes: 1_000_000n,
          },
          heartbeatIntervalMs: 500,
        },
      ),
      manager('snapshotRequest', { id: uuid('snapshot') }),
      operator('digest', { entries: [] }),
      events(1n, snapshotMarks('snapshot')),
      acked(2n),
      sees(tenant('acme')),
      events(3n, [
        tenant('acme'),
        {
          of: 'lifecycleRecord',
          id: uuid('step'),
          key: ACME,
          step: 'Ready',
        },
      ]),
      acked(4n),
      managerHas({ parked: 0 }),
    ],
  },
  {
    name: 'An event that nobody can read is set aside and acknowledged, and its state is asked for again',
    rules: ['E9'],
    only: {
      side: 'manager',
      because: 'an operator of ours sends none',
    },
    steps: [
      ...firstSession(),
      events(3n, [{ of: 'nothing', key: 'status/later' }, tenant('acme')]),
      acked(4n),
      manager('snapshotRequest', {
        id: uuid('asked for'),
        keys: ['status/later'],
      }),
      managerHas({ parked: 1, told: ['acme Ready'] }),
    ],
  },
  {
    name: 'A record of what was given up for want of space is acknowledged',
    rules: ['E10'],
    only: {
      side: 'manager',
      because: 'filling the journal is for its own tests',
    },
    steps: [
      ...firstSession(),
      events(3n, [{ of: 'gapRecord', dropped: 17n }]),
      acked(3n),
      managerHas({ parked: 0 }),
    ],
  },
];
