import { makeClusters } from '../__testUtils__/platform';
import { AT, projecting } from '../__testUtils__/projecting';
import { useTestManager } from '../__testUtils__/useTestManager';
import type { ClusterStatusEvent } from '../link/types';
import { DatabaseClusterStore } from './DatabaseClusterStore';
import { ClusterProjection } from './projection';

const status = (told: Partial<ClusterStatusEvent>): ClusterStatusEvent => ({
  type: 'clusterStatus',
  observedAt: AT,
  generation: 1,
  phase: 'Installing',
  components: [{ name: 'capsule', phase: 'Installing', changedAt: AT }],
  conditions: [
    { type: 'Ready', status: 'False', reason: 'Wait', lastTransitionAt: AT },
  ],
  ...told,
});

describe('ClusterProjection', () => {
  const manager = useTestManager();
  const projection = new ClusterProjection({
    store: new DatabaseClusterStore(),
  });
  const project = projecting(manager, projection);
  let clusterId: string;

  beforeEach(async () => {
    ({ fra1: clusterId } = await makeClusters(manager, 'fra1'));
  });

  const fra1 = async () => (await manager.get('/clusters/fra1')).body;
  const open = () =>
    manager.db.transaction(tx =>
      projection.opened(tx, {
        clusterId,
        operatorVersion: '0.1.0',
        kubernetesVersion: 'v1.36.3',
        remoteAddress: '10.0.0.1',
        at: AT,
      }),
    );

  it('bootstraps from the first session to connected', async () => {
    await manager.put('/clusters/fra1/progress', { message: 'Building' });
    expect(await open()).toEqual([{ kind: 'cluster', name: 'fra1' }]);
    expect(await fra1()).toMatchObject({
      status: 'bootstrapping',
      operatorVersion: '0.1.0',
      kubernetesVersion: 'v1.36.3',
    });
    expect((await fra1()).progress).toBeUndefined();

    await project('fra1', status({}));
    expect(await fra1()).toMatchObject({
      status: 'bootstrapping',
      phase: 'Installing',
      components: [
        { name: 'capsule', phase: 'Installing', changedAt: AT.toISO() },
      ],
      conditions: [{ type: 'Ready', lastTransitionAt: AT.toISO() }],
    });

    const refs = await project(
      'fra1',
      status({
        phase: 'Ready',
        capacity: { nodes: 1, readyNodes: 1, cpu: '2', memory: '4Gi' },
      }),
    );
    expect(refs).toEqual([{ kind: 'cluster', name: 'fra1' }]);
    expect(await fra1()).toMatchObject({
      status: 'connected',
      phase: 'Ready',
      capacity: { nodes: 1, readyNodes: 1, cpu: '2', memory: '4Gi' },
    });
  });

  it('stays connected through a new session and a later installation', async () => {
    await open();
    await project('fra1', status({ phase: 'Ready' }));
    await open();
    await project('fra1', status({ generation: 2 }));
    expect(await fra1()).toMatchObject({
      status: 'connected',
      phase: 'Installing',
    });
  });

  it('is in error with the reason, and recovers', async () => {
    await project(
      'fra1',
      status({
        phase: 'Error',
        components: [
          { name: 'capsule', phase: 'Ready' },
          { name: 'kubevela', phase: 'Error', message: 'No image.' },
        ],
      }),
    );
    expect(await fra1()).toMatchObject({
      status: 'error',
      statusReason: 'kubevela: No image.',
    });
    await project('fra1', status({}));
    expect(await fra1()).toMatchObject({ status: 'bootstrapping' });
    expect((await fra1()).statusReason).toBeUndefined();
  });

  it('never goes back to an older generation', async () => {
    await project('fra1', status({ generation: 3, phase: 'Ready' }));
    expect(await project('fra1', status({ generation: 2 }))).toEqual([]);
    expect(await fra1()).toMatchObject({ phase: 'Ready' });
  });

  it('shows what became of the wanted configuration', async () => {
    const result = {
      type: 'applyResult',
      observedAt: AT,
      key: 'cluster/config',
      uid: clusterId,
      generation: 1,
      outcome: 'Applied',
      message: '',
    } as const;
    await project('fra1', result);
    expect((await fra1()).sync).toEqual({
      state: 'Synced',
      desiredGeneration: 1,
      appliedGeneration: 1,
      lastSyncedAt: AT.toISO(),
    });
    expect(await project('fra1', { ...result, uid: 'other' })).toEqual([]);
    expect(await project('fra1', { ...result, key: 'tenants/acme' })).toEqual(
      [],
    );
  });

  it('shows no component as ready that a snapshot did not name, until it is heard of again', async () => {
    const ready = status({
      phase: 'Ready',
      components: [{ name: 'capsule', phase: 'Ready' }],
    });
    await project('fra1', ready);
    await manager.db.transaction(tx =>
      projection.snapshotEnded(tx, {
        cluster: { id: clusterId, name: 'fra1' },
        begin: [1, 1_000],
      }),
    );
    const unknown = await fra1();
    expect(unknown).toMatchObject({ status: 'connected', components: [] });
    expect(unknown.phase).toBeUndefined();
    expect(unknown.conditions[0]).toMatchObject({ reason: 'NotObserved' });

    await project('fra1', ready);
    expect(await fra1()).toMatchObject({
      phase: 'Ready',
      components: [{ name: 'capsule', phase: 'Ready' }],
    });
  });

  it('takes many statuses at once as one after another', async () => {
    await project(
      'fra1',
      status({ phase: 'Ready' }),
      status({ phase: 'Error' }),
      status({ phase: 'Installing' }),
    );
    expect(await fra1()).toMatchObject({ status: 'bootstrapping' });
    await project(
      'fra1',
      status({ phase: 'Ready' }),
      status({ phase: 'Installing' }),
    );
    expect(await fra1()).toMatchObject({ status: 'connected' });
  });
});
