import { randomUUID } from 'node:crypto';
import { useTestDatabase } from '../../__testUtils__/testDatabase';
import { CLAIM, claimUnsent } from './claimUnsent';
import { findPendingClusters, PENDING } from './findPendingClusters';

const CLUSTERS = 1_000;
const STATES = 100_000;
/** Of each cluster's states, those that wait to be sent. */
const UNSENT = 3;

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  Plans?: Plan[];
}

/** What is waiting is found by the index of what is waiting, however much there is besides. */
describe('with 1,000 clusters and 100,000 desired states', () => {
  const database = useTestDatabase();
  let clusterIds: string[];

  beforeAll(async () => {
    const { db } = database;
    await db.raw(
      `INSERT INTO clusters (id, nova_cluster_id, name, datacenter, status, config, created_at, updated_at)
       SELECT gen_random_uuid(), gen_random_uuid(), 'c' || n, 'test', 'connected', '{}', now(), now()
       FROM generate_series(1, ?) AS n`,
      [CLUSTERS],
    );
    await db.raw(
      'INSERT INTO links (cluster_id, epoch, generation) SELECT id, 1, 1000 FROM clusters',
    );
    await db.raw(
      `INSERT INTO desired_states (cluster_id, key, uid, generation, tombstone, yaml, sha256, delivery_rank, accepted_generation)
       SELECT id, 'applications/t' || n % 10 || '/a' || n, gen_random_uuid(), n, false, repeat('a: 1 ', 200), '\\x00', 2,
         CASE WHEN n > :unsent THEN n END
       FROM clusters, generate_series(1, :each) AS n`,
      { unsent: UNSENT, each: STATES / CLUSTERS },
    );
    await db.raw('VACUUM ANALYZE links, desired_states, behind_keys');
    clusterIds = await db('clusters').pluck('id');
  }, 120_000);

  async function plan(sql: string, bindings: object): Promise<Plan[]> {
    const { rows } = await database.db.raw(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`,
      bindings as never,
    );
    const flat: Plan[] = [];
    const waiting: Plan[] = [rows[0]['QUERY PLAN'][0].Plan];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      flat.push(next);
      waiting.push(...(next.Plans ?? []));
    }
    return flat;
  }

  /** How many rows of desired states were read, by which index. */
  function readBy(nodes: Plan[]) {
    expect(nodes).not.toContainEqual(
      expect.objectContaining({
        'Node Type': 'Seq Scan',
        'Relation Name': 'desired_states',
      }),
    );
    return nodes
      .filter(node => node['Index Name']?.startsWith('desired_states'))
      .map(node => ({
        by: node['Index Name'],
        rows: (node['Actual Rows'] ?? 0) * (node['Actual Loops'] ?? 1),
      }));
  }

  it('a claim reads what waits in its cluster', async () => {
    const claim = {
      clusterId: clusterIds[7],
      epoch: 1,
      underWay: [{ key: 'applications/t1/a1', generation: 1 }],
      room: { frames: 64, bytes: 1_000_000 },
    };
    expect(await claimUnsent(database.db, claim)).toHaveLength(UNSENT - 1);

    const nodes = await plan(CLAIM, {
      clusterId: claim.clusterId,
      epoch: 1,
      keys: ['applications/t1/a1'],
      generations: [1],
      ...claim.room,
    });
    const read = readBy(nodes);
    expect(read.map(({ by }) => by)).toContain('desired_states_unsent');
    expect(read.every(({ rows }) => rows <= UNSENT)).toBe(true);
  });

  it('the poll of a replica asks the index once a cluster', async () => {
    const held = clusterIds.slice(0, 500);
    await database
      .db('desired_states')
      .where({ cluster_id: held[0] })
      .update({
        accepted_generation: database.db.ref('generation'),
      });
    await database.db('behind_keys').insert({
      cluster_id: held[1],
      key: 'tenants/t1',
      difference: 'unknown',
      generation: 1,
      uid: randomUUID(),
      deleted: true,
    });
    const pending = await findPendingClusters(database.db, held);
    expect(new Set(pending)).toEqual(new Set(held.slice(2)));

    const read = readBy(await plan(PENDING, { clusterIds: held }));
    expect(read.map(({ by }) => by)).toEqual(['desired_states_unsent']);
    expect(read[0].rows).toBeLessThanOrEqual(held.length);
  });
});
