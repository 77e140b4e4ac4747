import { uuid } from '../patterns.ts';
import {
  acked,
  challenge,
  cut,
  dial,
  events,
  firstSession,
  hello,
  manager,
  managerDoes,
  managerHas,
  nextSession,
  operator,
  operatorHas,
  quiet,
  snapshotMarks,
  welcome,
} from '../steps.ts';
import type { ConformanceCase, Step } from '../types.ts';
import {
  accepts,
  ACME,
  applies,
  buries,
  held,
  sha256,
  wants,
  yamlOf,
} from './desired.ts';

const tellsWhatItHolds = (
  key: string,
  generation: bigint,
  yaml: string,
): Step[] => [
  manager('heldRequest', { keys: [key] }),
  operator('heldState', {
    key,
    generation,
    uid: uuid(key),
    sha256: sha256(yaml),
    content: { case: 'yaml', value: yamlOf(yaml) },
  }),
];

/** The operator holds what the Manager does not know any more. */
const managerForgets = (): Step[] => [
  ...firstSession(),
  wants(ACME, 'v: 1'),
  applies(1n, 1n, ACME, 'v: 1'),
  accepts(1n, 1n, ACME),
  managerHas({ desired: { key: ACME, acceptedGeneration: 1 } }),
  cut(),
  managerHas({ link: { open: false } }),
  managerDoes({ act: 'forgets', key: ACME }),
  wants('tenants/beta', 'v: 1'),
  ...nextSession({
    epoch: 2n,
    ackedSeq: 2n,
    held: [held(ACME, 1n, 'v: 1')],
  }),
  ...tellsWhatItHolds(ACME, 1n, 'v: 1'),
];

/** A Manager that lost its past, and a datacenter that did not (D9). */
export const BEHIND: readonly ConformanceCase[] = [
  {
    name: 'A Manager that does not know what the operator holds asks for it, and sends nothing until somebody has decided',
    rules: ['D9', 'D10', 'D6'],
    steps: [
      ...managerForgets(),
      managerHas({ behind: [ACME] }),
      quiet('manager', 'applyYaml'),
      operatorHas({ holds: [{ key: ACME, generation: 1, yaml: 'v: 1' }] }),
    ],
  },
  {
    name: 'What is adopted stays as the datacenter has it, and sending goes on',
    rules: ['D9', 'E7'],
    steps: [
      ...managerForgets(),
      managerHas({ behind: [ACME] }),
      managerDoes({ act: 'decides', decision: 'adopt' }),
      manager('snapshotRequest', { id: uuid('how it is there') }),
      events(3n, snapshotMarks('how it is there')),
      acked(4n),
      applies(1n, 2n, 'tenants/beta', 'v: 1'),
      accepts(1n, 2n, 'tenants/beta'),
      managerHas({
        behind: [],
        desired: { key: ACME, generation: 1, acceptedGeneration: 1 },
      }),
      operatorHas({
        holds: [
          { key: ACME, generation: 1, yaml: 'v: 1' },
          { key: 'tenants/beta', generation: 2, yaml: 'v: 1' },
        ],
      }),
    ],
  },
  {
    name: 'What is overwritten and the Manager does not know goes by a tombstone, with a generation above all that the operator saw',
    rules: ['D9', 'D6', 'D3'],
    steps: [
      ...managerForgets(),
      managerHas({ behind: [ACME] }),
      managerDoes({ act: 'decides', decision: 'overwrite' }),
      applies(1n, 2n, 'tenants/beta', 'v: 1'),
      buries(2n, 3n, ACME),
      accepts(1n, 2n, 'tenants/beta'),
      accepts(2n, 3n, ACME),
      managerHas({
        behind: [],
        desired: { key: ACME, generation: 3, acceptedGeneration: 3 },
      }),
      operatorHas({
        holds: [
          { key: ACME, generation: 3 },
          { key: 'tenants/beta', generation: 2, yaml: 'v: 1' },
        ],
      }),
    ],
  },
  {
    name: 'What the digest does not name is sent again',
    rules: ['D10', 'D8'],
    only: {
      side: 'manager',
      because: 'the journal of an operator of ours stays',
    },
    steps: [
      ...firstSession(),
      wants(ACME, 'v: 1'),
      applies(1n, 1n, ACME, 'v: 1'),
      accepts(1n, 1n, ACME),
      managerHas({ desired: { key: ACME, acceptedGeneration: 1 } }),
      cut(),
      ...nextSession({ epoch: 2n, ackedSeq: 2n, held: [] }),
      applies(1n, 1n, ACME, 'v: 1'),
      accepts(1n, 1n, ACME),
      managerHas({ desired: { key: ACME, acceptedGeneration: 1 } }),
    ],
  },
  {
    name: 'What the digest names as it is wanted is not sent again',
    rules: ['D10', 'D2'],
    steps: [
      ...firstSession(),
      wants(ACME, 'v: 1'),
      applies(1n, 1n, ACME, 'v: 1'),
      accepts(1n, 1n, ACME),
      managerHas({ desired: { key: ACME, acceptedGeneration: 1 } }),
      cut(),
      ...nextSession({
        epoch: 2n,
        ackedSeq: 2n,
        held: [held(ACME, 1n, 'v: 1')],
      }),
      wants('tenants/beta', 'v: 1'),
      applies(1n, 2n, 'tenants/beta', 'v: 1'),
      accepts(1n, 2n, 'tenants/beta'),
      managerHas({ behind: [] }),
    ],
  },
  {
    name: 'Generations go on above the highest that the operator ever saw',
    rules: ['D9', 'D1'],
    only: {
      side: 'manager',
      because: "the counter is the Manager's",
    },
    steps: [
      ...firstSession({ highestGeneration: 41n }),
      wants(ACME, 'v: 1'),
      applies(1n, 42n, ACME, 'v: 1'),
      accepts(1n, 42n, ACME),
    ],
  },
  {
    name: 'Epochs go on above the highest that the operator ever obeyed',
    rules: ['D8', 'D9'],
    only: { side: 'manager', because: "the counter is the Manager's" },
    steps: [
      dial(),
      challenge(),
      hello({}, { highestEpoch: 41n }),
      welcome(42n, 0n),
      manager('snapshotRequest'),
    ],
  },
];
