import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Model } from './Model.ts';
import type { CommittedRecord, Observation } from './observation.ts';

const CLUSTER = 'fra1';
const KEY = 'tenants/acme';
const object = {
  uid: 'uid-1',
  generation: 3,
  yaml: 'wish: 1',
  revision: 2,
  writer: 'operator',
};

/** A world in which two records were committed, and one tenant is as it is wanted. */
function sound(): { model: Model; seen: Observation } {
  const model = new Model([CLUSTER]);
  model.records(CLUSTER).emitted([1, 2], true);
  model.wishes(CLUSTER, KEY).answered({ uid: 'uid-1', yaml: 'wish: 1' });
  const counters = { incarnation: 'journal-1', generation: 3 };
  return {
    model,
    seen: {
      records: [committed(1), committed(2)],
      parked: [],
      links: [
        {
          cluster: CLUSTER,
          before: { ...counters, epoch: 4, acked: 0 },
          after: { ...counters, epoch: 4, acked: 2 },
          holder: 'replica one',
          writer: 'replica one',
        },
      ],
      accepted: [
        {
          cluster: CLUSTER,
          key: KEY,
          accepted: 3,
          epoch: 4,
          isBehind: false,
          holder: 'replica one',
          writer: 'replica one',
        },
      ],
      stored: [{ cluster: CLUSTER, key: KEY, generation: 3, epoch: 4 }],
      wanted: [
        {
          cluster: CLUSTER,
          key: KEY,
          uid: 'uid-1',
          generation: 3,
          yaml: 'wish: 1',
          accepted: 3,
          result: { generation: 3, outcome: 'Applied' },
          isDeleted: false,
        },
      ],
      shown: [
        {
          cluster: CLUSTER,
          key: KEY,
          uid: 'uid-1',
          generation: 3,
          revision: '2',
        },
      ],
      billed: [{ cluster: CLUSTER, record: 1, minutes: 1 }],
      behind: [],
      objects: [{ cluster: CLUSTER, key: KEY, object }],
      histories: [{ cluster: CLUSTER, key: KEY, versions: [object] }],
      epochs: [{ cluster: CLUSTER, lives: [[3, 4]] }],
    },
  };
}

function committed(
  record: number,
  other: Partial<CommittedRecord> = {},
): CommittedRecord {
  return {
    cluster: CLUSTER,
    name: `usage ${record}`,
    record,
    incarnation: 'journal-1',
    epoch: 4,
    openEpoch: 4,
    holder: 'replica one',
    writer: 'replica one',
    ...other,
  };
}

describe('the model', () => {
  it('finds nothing wrong with a sound world', () => {
    const { model, seen } = sound();
    assert.deepEqual(model.check(seen), []);
  });

  const faults: Array<{
    fault: string;
    plant: (seen: Observation) => void;
    found: RegExp;
  }> = [
    {
      fault: 'a lost record',
      plant: seen => seen.records.pop(),
      found: /^every acknowledged.*1 lost: 2$/,
    },
    {
      fault: 'a record that was committed twice in one incarnation',
      plant: seen => seen.records.push(committed(2)),
      found: /^no record is committed twice.*usage 2 of fra1.*2 times/,
    },
    {
      fault: 'a record that is billed twice',
      plant: seen => {
        seen.billed[0].minutes = 2;
      },
      found: /record 1 of fra1 has one minute, and counts for 2/,
    },
    {
      fault: 'a record that nobody emitted',
      plant: seen => seen.records.push(committed(9)),
      found: /nobody emitted/,
    },
    {
      fault:
        'a record that another replica wrote than the one that holds the link',
      plant: seen => {
        seen.records[1].writer = 'replica two';
      },
      found: /^no session writes.*usage 2 .*replica two wrote it/,
    },
    {
      fault: 'a record of a session that is not the newest',
      plant: seen => {
        seen.records[1].epoch = 3;
        seen.records[1].openEpoch = 4;
      },
      found: /^no session writes.*for epoch 3/,
    },
    {
      fault: 'a stale acknowledgement',
      plant: seen => {
        seen.links[0].writer = 'replica two';
      },
      found: /^no session writes.*acknowledged 2/,
    },
    {
      fault: 'a generation that a stale session took for accepted',
      plant: seen => {
        seen.accepted[0].writer = 'replica two';
      },
      found: /^no session writes.*accepted generation 3/,
    },
    {
      fault: 'an acknowledged sequence that fell',
      plant: seen => {
        seen.links[0].before.acked = 5;
      },
      found: /acknowledged sequence fell/,
    },
    {
      fault: 'an epoch that fell',
      plant: seen => {
        seen.links[0].before.epoch = 5;
      },
      found: /the epoch fell/,
    },
    {
      fault: 'a generation that was given out twice',
      plant: seen => {
        seen.links[0].before.generation = 4;
      },
      found: /the generation fell/,
    },
    {
      fault:
        'records that were committed in another order than that of their epochs',
      plant: seen => {
        Object.assign(seen.records[1], { epoch: 3, openEpoch: 3 });
      },
      found: /under epoch 3, after a later one/,
    },
    {
      fault: 'an operator that obeyed an old session',
      plant: seen => {
        seen.epochs[0].lives = [[4, 3]];
      },
      found: /obeyed epochs 4, 3/,
    },
    {
      fault: 'a wish that was answered and is forgotten',
      plant: seen => {
        seen.wanted[0].yaml = 'wish: 0';
        seen.objects[0].object = { ...object, yaml: 'wish: 0' };
      },
      found: /^what was written down is wanted/,
    },
    {
      fault: 'an object of an older generation',
      plant: seen => {
        seen.wanted[0].generation = 5;
      },
      found: /generation 5 of uid-1 is wanted, and 3 of uid-1 is there/,
    },
    {
      fault: 'an object that nobody wants',
      plant: seen => {
        seen.objects.push({ cluster: CLUSTER, key: 'tenants/beta', object });
      },
      found: /nobody wants it/,
    },
    {
      fault: 'an outcome that was lost',
      plant: seen => {
        seen.wanted[0].result = { generation: 2, outcome: 'Applied' };
      },
      found: /generation 3 is applied, and what is known is/,
    },
    {
      fault: 'a state that went back',
      plant: seen => {
        seen.shown[0].revision = '1';
      },
      found: /^the shown states.*shown as revision 1/,
    },
    {
      fault: 'a state of what is gone',
      plant: seen => {
        seen.shown.push({ ...seen.shown[0], key: 'tenants/beta' });
      },
      found: /tenants\/beta is shown as .* and is gone/,
    },
    {
      fault: 'a name that inherited another object',
      plant: seen => {
        seen.histories[0].versions = [
          { ...object, uid: 'uid-0', generation: 2 },
          object,
        ];
      },
      found: /uid-1 took the place of uid-0/,
    },
    {
      fault: 'an object that had to make room for the next of its name',
      plant: seen => {
        const before = { ...object, uid: 'uid-0', generation: 2 };
        const gone = { ...before, generation: 3, yaml: undefined };
        seen.histories[0].versions = [before, gone, object];
      },
      found: /uid-0 was still there when uid-1 was wanted/,
    },
    {
      fault: 'an object that went back to an older generation',
      plant: seen => {
        seen.histories[0].versions = [{ ...object, generation: 4 }, object];
      },
      found: /generation 3 came after 4/,
    },
    {
      fault: 'an object that was made again in an older generation',
      plant: seen => {
        const gone = { ...object, generation: 4, yaml: undefined };
        seen.histories[0].versions = [gone, object];
      },
      found: /generation 3 came after 4/,
    },
    {
      fault: 'something that was sent while the Manager was behind',
      plant: seen => {
        seen.accepted[0].isBehind = true;
      },
      found: /sent generation 3 of tenants\/acme while its Manager was behind/,
    },
    {
      fault: 'a cluster that is still behind',
      plant: seen => seen.behind.push(CLUSTER),
      found: /fra1 is behind/,
    },
  ];
  for (const { fault, plant, found } of faults) {
    it(`finds ${fault}`, () => {
      const { model, seen } = sound();
      plant(seen);
      const broken = model
        .check(seen)
        .map(({ promise, detail }) => `${promise}: ${detail}`);
      assert.ok(
        broken.some(sentence => found.test(sentence)),
        broken.join('\n'),
      );
    });
  }

  it('takes for no sending what a digest told of an earlier session', () => {
    const { model, seen } = sound();
    seen.accepted[0].isBehind = true;
    seen.stored[0].epoch = 3;
    assert.deepEqual(model.check(seen), []);
  });

  it('takes a record that comes again when two journals take turns for one, as its natural key says', () => {
    const { model, seen } = sound();
    const [change] = seen.links;
    for (const [epoch, incarnation] of [
      [5, 'journal-2'],
      [6, 'journal-1'],
    ] as const) {
      const before = seen.links.at(-1)!.after;
      seen.links.push({
        ...change,
        before,
        after: { ...before, epoch, incarnation, acked: 0 },
      });
      seen.records.push(committed(2, { epoch, openEpoch: epoch, incarnation }));
    }
    assert.deepEqual(model.check(seen), []);
  });

  it('lets an operator whose journal went back make again what was deleted since', () => {
    const { model, seen } = sound();
    const gone = { ...object, generation: 4, yaml: undefined };
    seen.histories[0].versions = [gone, object];
    seen.epochs[0].lives = [[3], [4]];
    assert.deepEqual(model.check(seen), []);
  });
});
