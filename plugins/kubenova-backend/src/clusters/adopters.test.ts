import { DateTime } from 'luxon';
import { randomUUID } from 'node:crypto';
import { makeClusters, makeTenant, VELA_YAML } from '../__testUtils__/platform';
import { useTestManager } from '../__testUtils__/useTestManager';
import { DeploymentAdopter } from '../applications/DeploymentAdopter';
import { DatabaseApplicationStore } from '../applications/DatabaseApplicationStore';
import type { DesiredStateAdopter, HeldDesiredState } from '../link/types';
import { DatabasePlacementStore } from '../tenants/DatabasePlacementStore';
import { DatabaseTenantStore } from '../tenants/DatabaseTenantStore';
import { novaTenant } from '../tenants/manifest';
import { PlacementAdopter } from '../tenants/PlacementAdopter';
import { ClusterConfigAdopter } from './ClusterConfigAdopter';

const UID = randomUUID();

/** Of all three domains: what one of them may adopt depends on the others. */
describe('what a datacenter has can be adopted (D9)', () => {
  const manager = useTestManager();
  const tenants = new DatabaseTenantStore();
  const deployments = new DeploymentAdopter({
    applications: new DatabaseApplicationStore(),
    placements: new DatabasePlacementStore(),
    tenants,
    uuid: randomUUID,
  });
  const adopters: DesiredStateAdopter[] = [
    new ClusterConfigAdopter(),
    new PlacementAdopter({
      applications: deployments,
      tenants,
      uuid: randomUUID,
    }),
    deployments,
  ];
  let cluster: { id: string; name: string };

  beforeEach(async () => {
    const ids = await makeClusters(manager, 'fra1', 'ams1');
    cluster = { id: ids.fra1, name: 'fra1' };
  });

  const refusal = (state: HeldDesiredState, alongside: string[] = []) =>
    manager.db.transaction(async tx =>
      adopters
        .find(adopter => adopter.adopts(state.key))
        ?.refusal(tx, cluster, state, new Set(alongside)),
    );
  const tenant = (name: string, uid = UID): HeldDesiredState => ({
    key: `tenants/${name}`,
    uid,
    generation: 5,
    yaml: novaTenant({ name, displayName: name }, { id: uid }),
  });
  const application = (image: string): HeldDesiredState => ({
    key: 'applications/acme/web',
    uid: UID,
    generation: 5,
    yaml: JSON.stringify({
      apiVersion: 'core.oam.dev/v1beta1',
      kind: 'Application',
      metadata: {
        name: 'web',
        namespace: 'acme-apps',
        labels: {
          'kubenova.io/tenant': 'acme',
          'kubenova.io/application-uid': UID,
        },
      },
      spec: { components: [{ name: 'web', type: 'webservice', image }] },
    }),
  });

  describe('as a tenant', () => {
    it('that is not known, or known under another uid', async () => {
      expect(await refusal(tenant('acme'))).toBeUndefined();
      await makeTenant(manager, 'acme', 'fra1');
      expect(await refusal(tenant('acme'))).toBeUndefined();
    });

    it.each([
      ['of another name', { ...tenant('acme'), key: 'tenants/globex' }],
      ['of another uid', { ...tenant('acme'), uid: randomUUID() }],
      ['that is none', { ...tenant('acme'), yaml: 'kind: Pod' }],
      ['that is no YAML', { ...tenant('acme'), yaml: '{' }],
    ])('not one %s', async (_, state) => {
      expect(await refusal(state)).toMatch(/overwrite it/);
    });

    it('not where its namespaces would be those of another one', async () => {
      await makeTenant(manager, 'acme', 'fra1');
      expect(await refusal(tenant('acme-web'))).toMatch(/share namespaces/);
    });

    it('not with the uid of a placement elsewhere', async () => {
      const { placements } = await makeTenant(manager, 'acme', 'ams1');
      expect(await refusal(tenant('acme', placements[0].id))).toMatch(
        /elsewhere/,
      );
    });

    it('that is deleted there not while its applications are wanted here', async () => {
      const { placements } = await makeTenant(manager, 'acme', 'fra1');
      await manager
        .post('/applications', {
          tenant: 'acme',
          name: 'web',
          clusters: ['fra1'],
          yaml: VELA_YAML,
        })
        .expect(201);
      const gone = {
        key: 'tenants/acme',
        uid: placements[0].id,
        generation: 5,
      };
      expect(await refusal(gone)).toMatch(/wanted here: web/);
      expect(await refusal(gone, ['applications/acme/web'])).toBeUndefined();
    });
  });

  describe('as an application', () => {
    it('where its tenant is placed, or is adopted with it', async () => {
      expect(await refusal(application('a:1'))).toMatch(/adopt the tenant too/);
      expect(
        await refusal(application('a:1'), ['tenants/acme']),
      ).toBeUndefined();
      await makeTenant(manager, 'acme', 'fra1');
      expect(await refusal(application('a:1'))).toBeUndefined();
    });

    it('not under another uid, and not what a user could not have deployed', async () => {
      await makeTenant(manager, 'acme', 'fra1');
      const other = { ...application('a:1'), uid: randomUUID() };
      expect(await refusal(other)).toMatch(/of that name and uid/);
      const state = application('a:1');
      const secret = state.yaml?.replace(
        '"image":"a:1"',
        '"properties":{"objects":[{"kind":"Secret"}]}',
      );
      expect(await refusal({ ...state, yaml: secret })).toMatch(/Secret/);
    });

    it('as the revision that it is, or as a new one', async () => {
      await makeTenant(manager, 'acme', 'fra1', 'ams1');
      const { body } = await manager
        .post('/applications', {
          tenant: 'acme',
          name: 'web',
          clusters: ['ams1'],
          yaml: VELA_YAML,
        })
        .expect(201);
      const by = { actor: 'user:default/ada', at: DateTime.utc() };
      const adopt = (state: HeldDesiredState) =>
        manager.db.transaction(tx => deployments.adopt(tx, cluster, state, by));
      const { yaml } = await manager
        .db('desired_states')
        .where({ key: 'applications/acme/web' })
        .first();
      const own = body.deployments[0].id;

      await adopt({ ...application(''), yaml: yaml.replaceAll(own, UID) });
      const same = await manager.get(`/applications/${body.id}`);
      expect(same.body).toMatchObject({ revision: 1 });
      expect(same.body.yaml).toBe(VELA_YAML);
      expect(same.body.deployments).toMatchObject([
        { id: own, revision: 1 },
        { id: UID, revision: 1, cluster: 'fra1' },
      ]);

      await adopt(application('a:2'));
      const revised = await manager.get(`/applications/${body.id}`);
      expect(revised.body).toMatchObject({ revision: 2 });
      expect(revised.body.yaml).not.toContain('kubenova.io/');
      expect(revised.body.deployments).toMatchObject([
        { id: own, revision: 1 },
        { id: UID, revision: 2 },
      ]);
    });
  });

  describe('as a configuration', () => {
    const config = (more: Partial<HeldDesiredState> = {}) => ({
      key: 'cluster/config',
      uid: cluster.id,
      generation: 5,
      yaml: 'kind: NovaClusterConfig\nspec: {installCapsule: true, installCapsuleProxy: true, installKubeVela: false, kubeVelaProfile: default}',
      ...more,
    });

    it('of this registration of the cluster', async () => {
      expect(await refusal(config())).toBeUndefined();
      expect(await refusal(config({ uid: UID }))).toMatch(
        /another registration/,
      );
    });

    it('not where it says what this release does not know, or nothing', async () => {
      expect(
        await refusal(config({ yaml: 'kind: NovaClusterConfig' })),
      ).toMatch(/overwrite it/);
      expect(await refusal(config({ yaml: undefined }))).toMatch(
        /always has a configuration/,
      );
    });
  });
});
