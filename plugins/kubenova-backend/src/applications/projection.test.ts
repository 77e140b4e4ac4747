import {
  makeClusters,
  makeTenant,
  openLinks,
  VELA_YAML,
} from '../__testUtils__/platform';
import { AT, projecting } from '../__testUtils__/projecting';
import { useTestManager } from '../__testUtils__/useTestManager';
import type { ApplicationStatusEvent, ApplyResultEvent } from '../link/types';
import { DatabaseApplicationStore } from './DatabaseApplicationStore';
import { DatabaseDeploymentStore } from './DatabaseDeploymentStore';
import { ApplicationProjection } from './projection';

describe('ApplicationProjection', () => {
  const manager = useTestManager();
  const projection = new ApplicationProjection({
    applications: new DatabaseApplicationStore(),
    deployments: new DatabaseDeploymentStore(),
  });
  const project = projecting(manager, projection);
  let id: string;
  let uids: Record<string, string>;
  let generation: number;

  beforeEach(async () => {
    await makeClusters(manager, 'fra1', 'ams1');
    await makeTenant(manager, 'acme', 'fra1', 'ams1');
    const { body } = await manager.post('/applications', {
      tenant: 'acme',
      name: 'web',
      clusters: ['fra1', 'ams1'],
      yaml: VELA_YAML,
    });
    await openLinks(manager);
    id = body.id;
    uids = Object.fromEntries(
      body.deployments.map((d: { cluster: string; id: string }) => [
        d.cluster,
        d.id,
      ]),
    );
    generation = body.deployments[0].sync.desiredGeneration;
  });

  const status = (
    cluster: string,
    told: Partial<ApplicationStatusEvent> = {},
  ): ApplicationStatusEvent => ({
    type: 'applicationStatus',
    observedAt: AT,
    tenant: 'acme',
    application: 'web',
    uid: uids[cluster],
    generation,
    health: 'Healthy',
    phase: 'running',
    message: '',
    components: [{ name: 'web', type: 'webservice', healthy: true }],
    steps: [{ name: 'web', phase: 'succeeded' }],
    conditions: [],
    gone: false,
    ...told,
  });
  const result = (
    cluster: string,
    told: Partial<ApplyResultEvent> = {},
  ): ApplyResultEvent => ({
    type: 'applyResult',
    observedAt: AT,
    key: 'applications/acme/web',
    uid: uids[cluster],
    generation,
    outcome: 'Applied',
    message: '',
    ...told,
  });
  const web = async () => (await manager.get(`/applications/${id}`)).body;

  it('is as healthy and as synced as its worst deployment', async () => {
    await project('fra1', result('fra1'));
    expect(await project('fra1', status('fra1'))).toEqual([
      { kind: 'application', id, tenant: 'acme', name: 'web' },
    ]);
    expect(await web()).toMatchObject({
      sync: 'Pending',
      health: 'Unknown',
      deployments: [
        { cluster: 'ams1', health: 'Unknown' },
        {
          cluster: 'fra1',
          health: 'Healthy',
          phase: 'running',
          sync: { state: 'Synced' },
          components: [{ name: 'web', healthy: true }],
          steps: [{ name: 'web', phase: 'succeeded' }],
          lastSyncedAt: AT.toISO(),
        },
      ],
    });
    await project('ams1', result('ams1'));
    await project('ams1', status('ams1'));
    expect(await web()).toMatchObject({ sync: 'Synced', health: 'Healthy' });
  });

  it('tells the oldest time at which a deployment was synced', async () => {
    await project('fra1', status('fra1'));
    const statusApi = `/users/me/apps/${id}/status`;
    expect((await manager.get(statusApi)).body.lastSyncedAt).toBeUndefined();
    const later = AT.plus({ minutes: 1 });
    await project('ams1', status('ams1', { observedAt: later }));
    expect((await manager.get(statusApi)).body).toMatchObject({
      health: 'Healthy',
      lastSyncedAt: AT.toISO(),
    });
  });

  it('does not count the health of an old revision for a new one', async () => {
    await project('fra1', status('fra1'));
    await project('ams1', status('ams1'));
    await manager.put(`/applications/${id}`, { yaml: `${VELA_YAML}# new` });
    // A comment is a new revision, but nothing new for the cluster.
    expect(await web()).toMatchObject({ revision: 2, health: 'Healthy' });
    await manager.put(`/applications/${id}`, {
      yaml: VELA_YAML.replace('2.26.0', '2.27.0'),
    });
    expect(await web()).toMatchObject({ revision: 3, health: 'Progressing' });
    expect(await project('fra1', status('fra1'))).toHaveLength(1);
    expect(await web()).toMatchObject({ health: 'Progressing' });
  });

  it('takes nothing of an older generation, another uid or another cluster', async () => {
    await project('fra1', status('fra1', { generation: 7 }));
    const degraded = { health: 'Degraded' as const };
    expect(await project('fra1', status('fra1', degraded))).toEqual([]);
    expect(
      await project('fra1', status('fra1', { ...degraded, uid: '' })),
    ).toEqual([]);
    expect(
      await project('ams1', status('fra1', { ...degraded, generation: 8 })),
    ).toEqual([]);
    expect((await web()).deployments[1]).toMatchObject({ health: 'Healthy' });
  });

  it('knows no health of an application that is gone from its cluster', async () => {
    await project('fra1', status('fra1'));
    await project('fra1', status('fra1', { gone: true }));
    expect((await web()).deployments[1]).toMatchObject({
      health: 'Unknown',
      healthMessage: expect.stringContaining('no longer exists'),
    });
  });

  it('knows no health of a deployment that a snapshot did not name, until it is heard of again', async () => {
    await project('fra1', result('fra1'), status('fra1'));
    const refs = await manager.db.transaction(async tx => {
      const cluster = await tx('clusters').where({ name: 'fra1' }).first();
      return projection.snapshotEnded(tx, { cluster, begin: [1, 1_000] });
    });
    expect(refs).toEqual([
      { kind: 'application', id, tenant: 'acme', name: 'web' },
    ]);
    expect((await web()).deployments[1]).toMatchObject({
      cluster: 'fra1',
      health: 'Unknown',
      healthMessage: expect.stringContaining('last snapshot'),
      sync: { state: 'Unknown' },
      conditions: [{ reason: 'NotObserved' }],
    });
    await project('fra1', status('fra1'));
    expect((await web()).deployments[1]).toMatchObject({
      health: 'Healthy',
      sync: { state: 'Synced' },
    });
  });

  it('shows that a deployment is stale with its cluster', async () => {
    await manager.db('links').update({ stale: true });
    expect(await web()).toMatchObject({
      deployments: [{ stale: true }, { stale: true }],
    });
  });

  it('forgets a deleted application when every cluster has confirmed', async () => {
    await manager.delete(`/applications/${id}`).expect(202);
    const deleted = { outcome: 'Deleted' as const, generation: 9 };
    await project('fra1', result('fra1', deleted));
    expect(await web()).toMatchObject({
      deleting: true,
      deployments: [{ cluster: 'ams1' }],
    });
    await project('ams1', result('ams1', deleted));
    await manager.get(`/applications/${id}`).expect(404);
    await manager.get(`/applications/${id}/revisions`).expect(404);
  });

  it('frees the tenant with the last deployment', async () => {
    await manager.delete(`/applications/${id}`).expect(202);
    const refused = await manager.delete('/tenants/acme');
    expect(refused.body.error.code).toBe('TENANT_NOT_EMPTY');
    const deleted = { outcome: 'Deleted' as const, generation: 9 };
    await project('fra1', result('fra1', deleted));
    await project('ams1', result('ams1', deleted));
    await manager.delete('/tenants/acme').expect(202);
  });
});
