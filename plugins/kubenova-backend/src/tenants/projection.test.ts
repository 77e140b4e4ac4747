import { makeClusters, makeTenant, openLinks } from '../__testUtils__/platform';
import { AT, projecting } from '../__testUtils__/projecting';
import { useTestManager } from '../__testUtils__/useTestManager';
import type { ApplyResultEvent, TenantStatusEvent } from '../link/types';
import { DatabasePlacementStore } from './DatabasePlacementStore';
import { DatabaseTenantStore } from './DatabaseTenantStore';
import { TenantProjection } from './projection';

describe('TenantProjection', () => {
  const manager = useTestManager();
  const projection = new TenantProjection({
    placements: new DatabasePlacementStore(),
    tenants: new DatabaseTenantStore(),
  });
  const project = projecting(manager, projection);
  let uids: Record<string, string>;
  let generation: number;

  beforeEach(async () => {
    await makeClusters(manager, 'fra1', 'ams1');
    const tenant = await makeTenant(manager, 'acme', 'fra1', 'ams1');
    await openLinks(manager);
    uids = Object.fromEntries(
      tenant.placements.map((p: { cluster: string; id: string }) => [
        p.cluster,
        p.id,
      ]),
    );
    generation = tenant.placements[0].sync.desiredGeneration;
  });

  const status = (
    cluster: string,
    told: Partial<TenantStatusEvent> = {},
  ): TenantStatusEvent => ({
    type: 'tenantStatus',
    observedAt: AT,
    tenant: 'acme',
    uid: uids[cluster],
    generation,
    phase: 'Ready',
    namespaces: ['acme-owner', 'acme-apps'],
    conditions: [],
    ...told,
  });
  const result = (
    cluster: string,
    told: Partial<ApplyResultEvent>,
  ): ApplyResultEvent => ({
    type: 'applyResult',
    observedAt: AT,
    key: 'tenants/acme',
    uid: uids[cluster],
    generation,
    outcome: 'Applied',
    message: '',
    ...told,
  });
  const placement = async (cluster: string) =>
    (await manager.get('/tenants/acme')).body.placements.find(
      (p: { cluster: string }) => p.cluster === cluster,
    );

  it('shows a placement ready with its namespaces', async () => {
    await project('fra1', result('fra1', {}));
    expect(await project('fra1', status('fra1'))).toEqual([
      { kind: 'tenant', name: 'acme' },
    ]);
    expect(await placement('fra1')).toMatchObject({
      status: 'ready',
      namespaces: ['acme-owner', 'acme-apps'],
      sync: { state: 'Synced', lastSyncedAt: AT.toISO() },
    });
    expect(await placement('ams1')).toMatchObject({ status: 'pending' });
  });

  it('shows what keeps a placement waiting, and why one is in error', async () => {
    await project(
      'fra1',
      result('fra1', { outcome: 'Waiting', message: 'waiting for Capsule' }),
    );
    expect(await placement('fra1')).toMatchObject({
      status: 'pending',
      message: 'waiting for Capsule',
    });
    await project(
      'fra1',
      result('fra1', { outcome: 'Failed', message: 'no such class' }),
    );
    expect(await placement('fra1')).toMatchObject({
      status: 'error',
      message: 'no such class',
      sync: { state: 'Failed' },
    });
  });

  it('takes nothing of an older generation, another uid or another cluster', async () => {
    await project('fra1', status('fra1'));
    const old = { generation: generation - 1, phase: 'Error' as const };
    expect(await project('fra1', status('fra1', old))).toEqual([]);
    expect(await project('fra1', status('fra1', { uid: 'gone' }))).toEqual([]);
    expect(await project('ams1', status('fra1'))).toEqual([]);
    expect(await placement('fra1')).toMatchObject({ status: 'ready' });
    expect(await placement('ams1')).toMatchObject({ status: 'pending' });
  });

  it('takes many events at once as one after another', async () => {
    const failed = { outcome: 'Failed' as const, message: 'no such class' };
    const refs = await project(
      'fra1',
      status('fra1', { phase: 'Error' }),
      result('fra1', {}),
      status('fra1', { phase: 'Provisioning' }),
      status('fra1', { phase: 'Ready', generation: generation - 1 }),
      result('fra1', { ...failed, generation: generation + 1 }),
    );
    expect(refs).toHaveLength(2);
    expect(await placement('fra1')).toMatchObject({
      status: 'provisioning',
      sync: { appliedGeneration: generation },
    });
  });

  it('knows nothing of a placement that a snapshot did not name, until it is heard of again', async () => {
    await project('fra1', result('fra1', {}), status('fra1'));
    await project('ams1', result('ams1', {}), status('ams1'));
    const snapshotEnded = (seq: number) =>
      manager.db.transaction(async tx => {
        const cluster = await tx('clusters').where({ name: 'fra1' }).first();
        return projection.snapshotEnded(tx, { cluster, begin: [1, seq] });
      });

    expect(await snapshotEnded(1)).toEqual([]); // its events came later
    expect(await placement('fra1')).toMatchObject({ status: 'ready' });

    expect(await snapshotEnded(1_000)).toEqual([
      { kind: 'tenant', name: 'acme' },
    ]);
    expect(await placement('fra1')).toMatchObject({
      status: 'unknown',
      message: expect.stringContaining('last snapshot'),
      sync: { state: 'Unknown' },
      conditions: [{ type: 'Observed', status: 'False' }],
    });
    expect(await placement('ams1')).toMatchObject({ status: 'ready' });

    await project('fra1', status('fra1'));
    expect(await placement('fra1')).toMatchObject({
      status: 'ready',
      sync: { state: 'Synced' },
      conditions: [],
    });
  });

  it('keeps a placement that nobody wanted gone, whatever an operator confirms', async () => {
    const deleted = { outcome: 'Deleted' as const, generation: 9 };
    await project('fra1', result('fra1', deleted));
    expect(await placement('fra1')).toBeDefined();
  });

  it('forgets a deleted tenant when the last cluster has confirmed', async () => {
    await manager.delete('/tenants/acme').expect(202);
    await project(
      'fra1',
      result('fra1', { outcome: 'Deleted', generation: 9 }),
    );
    expect((await manager.get('/tenants/acme')).body).toMatchObject({
      deleting: true,
      placements: [{ cluster: 'ams1', status: 'deleting' }],
    });
    await project(
      'ams1',
      result('ams1', { outcome: 'Deleted', generation: 9 }),
    );
    await manager.get('/tenants/acme').expect(404);
  });

  it('forgets it as well when both confirm at the same time', async () => {
    await manager.delete('/tenants/acme').expect(202);
    await Promise.all(
      ['fra1', 'ams1'].map(cluster =>
        project(
          cluster,
          result(cluster, { outcome: 'Deleted', generation: 9 }),
        ),
      ),
    );
    await manager.get('/tenants/acme').expect(404);
  });

  it('keeps a tenant that was only taken out of a cluster', async () => {
    await manager.delete('/tenants/acme/placements/fra1').expect(202);
    await project(
      'fra1',
      result('fra1', { outcome: 'Deleted', generation: 9 }),
    );
    expect((await manager.get('/tenants/acme')).body.placements).toMatchObject([
      { cluster: 'ams1' },
    ]);
  });
});
