import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import type {
  CreateApplicationRequest,
  CreateTenantRequest,
  KubenovaApi,
} from '@kubenova/plugin-kubenova-common';
import { createTenantAction, deployApplicationAction } from '.';

/** Remembers what was created, and under which idempotency key. */
class FakeKubenovaApi {
  readonly created: Array<{ key?: string; request: unknown }> = [];

  async createTenant(
    request: CreateTenantRequest,
    options?: { idempotencyKey?: string },
  ) {
    this.created.push({ key: options?.idempotencyKey, request });
    return { id: 'tenant-id', name: request.name };
  }

  async createApplication(
    request: CreateApplicationRequest,
    options?: { idempotencyKey?: string },
  ) {
    this.created.push({ key: options?.idempotencyKey, request });
    return { id: 'application-id', ...request };
  }
}

function setUp() {
  const api = new FakeKubenovaApi();
  const value = api as unknown as KubenovaApi;
  const kubenova = {
    forCredentials: async () => value,
    forPlugin: async (): Promise<KubenovaApi> => {
      throw new Error('an action has the rights of the person, not its own');
    },
  };
  return { api, kubenova };
}

describe('kubenova:tenant:create', () => {
  it('creates the tenant with the rights of the person, and names its group', async () => {
    const { api, kubenova } = setUp();
    const context = createMockActionContext({
      input: { name: 'acme', clusters: ['fra1'] },
      task: { id: 'task-1' },
    });
    await createTenantAction({ kubenova }).handler(context);

    expect(api.created).toEqual([
      {
        key: 'scaffolder:task-1:tenant:acme',
        request: { name: 'acme', displayName: undefined, clusters: ['fra1'] },
      },
    ]);
    expect(context.output).toHaveBeenCalledWith(
      'entityRef',
      'group:default/acme',
    );
  });
});

describe('kubenova:application:deploy', () => {
  const input = { tenant: 'acme', name: 'web', clusters: ['fra1'] };

  it('deploys an image, and names the component', async () => {
    const { api, kubenova } = setUp();
    const context = createMockActionContext({
      input: { ...input, image: 'web:1', port: 8080 },
      task: { id: 'task-1' },
    });
    await deployApplicationAction({ kubenova }).handler(context);

    expect(api.created).toEqual([
      {
        key: 'scaffolder:task-1:app:acme:web',
        request: {
          ...input,
          form: { image: 'web:1', port: 8080, replicas: undefined },
        },
      },
    ]);
    expect(context.output).toHaveBeenCalledWith(
      'entityRef',
      'component:acme/web',
    );
  });

  it('refuses an image beside YAML, and creates nothing', async () => {
    const { api, kubenova } = setUp();
    await expect(
      deployApplicationAction({ kubenova }).handler(
        createMockActionContext({
          input: { ...input, image: 'web:1', yaml: 'kind: Application' },
        }),
      ),
    ).rejects.toThrow('Give either yaml or image, not both.');
    expect(api.created).toEqual([]);
  });
});
