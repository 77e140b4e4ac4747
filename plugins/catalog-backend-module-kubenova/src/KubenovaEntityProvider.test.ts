import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import { mockServices } from '@backstage/backend-test-utils';
import type { EntityProviderMutation } from '@backstage/plugin-catalog-node';
import type { KubenovaApi } from '@kubenova/plugin-kubenova-common';
import { KubenovaEntityProvider } from './KubenovaEntityProvider';
import { aCluster, anApplication, aTenant, FakeKubenovaApi } from './testing';

/** Keeps entities by reference as the catalog would, and mutations in their order. */
class FakeCatalog {
  readonly entities = new Map<string, Entity>();
  readonly mutations: string[] = [];

  async applyMutation(mutation: EntityProviderMutation) {
    this.mutations.push(mutation.type);
    if (mutation.type === 'full') {
      this.entities.clear();
    } else {
      for (const removed of mutation.removed) {
        if ('entityRef' in removed) this.entities.delete(removed.entityRef);
      }
    }
    const added = mutation.type === 'full' ? mutation.entities : mutation.added;
    for (const { entity } of added) {
      this.entities.set(stringifyEntityRef(entity), entity);
    }
  }

  async refresh() {}
}

async function setUp(change?: (api: FakeKubenovaApi) => void) {
  const fake = new FakeKubenovaApi();
  change?.(fake);
  const catalog = new FakeCatalog();
  const provider = new KubenovaEntityProvider({
    api: async () => fake as unknown as KubenovaApi,
    logger: mockServices.logger.mock(),
    platformOwner: 'group:default/platform',
  });
  await provider.connect(catalog);
  return { fake, catalog, provider };
}

describe('KubenovaEntityProvider', () => {
  it('fills the catalog with every page of clusters, tenants and applications', async () => {
    const { catalog, provider } = await setUp(api => {
      ['fra1', 'ams1', 'lon1'].forEach(name => api.addCluster(aCluster(name)));
      api.addTenant(aTenant('acme'));
      api.addApplication(anApplication('acme', 'web', ['fra1', 'ams1']));
    });

    await provider.refreshAll();

    expect([...catalog.entities.keys()].sort()).toEqual([
      'component:acme/web',
      'group:default/acme',
      'resource:default/ams1',
      'resource:default/fra1',
      'resource:default/lon1',
      'system:acme/acme',
    ]);
  });

  it('says whose an application is, what it is part of and which clusters it depends on', async () => {
    const { catalog, provider } = await setUp(api =>
      api.addApplication(anApplication('acme', 'web', ['fra1', 'ams1'])),
    );

    await provider.refreshAll();

    expect(catalog.entities.get('component:acme/web')).toMatchObject({
      metadata: {
        annotations: {
          'kubenova.io/application-id': 'id-of-acme-web',
          'kubenova.io/tenant': 'acme',
        },
      },
      spec: {
        type: 'kubevela-application',
        owner: 'group:default/acme',
        system: 'system:acme/acme',
        dependsOn: ['resource:default/ams1', 'resource:default/fra1'],
      },
    });
  });

  it('adds what is new and takes away what is gone, and leaves the rest', async () => {
    const { fake, catalog, provider } = await setUp(api => {
      api.addCluster(aCluster('fra1'));
      api.addTenant(aTenant('acme'));
    });
    await provider.refreshAll();

    fake.tenants.delete('acme');
    fake.addCluster(aCluster('ams1'));
    await provider.refresh([
      { kind: 'tenant', name: 'acme' },
      { kind: 'cluster', name: 'ams1' },
      { kind: 'usage', tenant: 'acme' },
    ]);

    expect([...catalog.entities.keys()].sort()).toEqual([
      'resource:default/ams1',
      'resource:default/fra1',
    ]);
  });

  it('applies a change after a full refresh that began before it', async () => {
    const { fake, catalog, provider } = await setUp();

    const full = provider.refreshAll();
    fake.addCluster(aCluster('fra1'));
    const delta = provider.refresh([{ kind: 'cluster', name: 'fra1' }]);
    await Promise.all([full, delta]);

    expect(catalog.mutations).toEqual(['full', 'delta']);
    expect([...catalog.entities.keys()]).toEqual(['resource:default/fra1']);
  });

  it('goes on after a refresh that failed, and reports the failure', async () => {
    const { fake, catalog, provider } = await setUp(api =>
      api.addCluster(aCluster('fra1')),
    );
    const working = fake.listClusters.bind(fake);
    fake.listClusters = async () => {
      throw new Error('the API is away');
    };
    await expect(provider.refreshAll()).rejects.toThrow('the API is away');

    fake.listClusters = working;
    await provider.refreshAll();

    expect([...catalog.entities.keys()]).toEqual(['resource:default/fra1']);
  });
});
