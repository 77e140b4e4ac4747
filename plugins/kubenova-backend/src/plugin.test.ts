import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { ApplyOutcome, Health, type ApplyYaml } from '@kubenova/proto';
import { get } from 'node:https';
import { parseAllDocuments } from 'yaml';
import { makeTenant, VELA_YAML } from './__testUtils__/platform';
import { useTestManager } from './__testUtils__/useTestManager';
import { useTestDatabase } from './link/__testUtils__/testDatabase';
import { eventually } from './link/__testUtils__/eventually';
import {
  ScriptedOperator,
  type ScriptedEvent,
} from './link/__testUtils__/ScriptedOperator';
import type { ScriptedSession } from './link/__testUtils__/ScriptedSession';
import { kubenovaPlugin } from './plugin';

/** What the bearer of a join token gets from the link. */
async function join(linkUrl: string, token: string, ca?: string) {
  return new Promise<{ status?: number; body: string }>((resolve, reject) => {
    get(
      `${linkUrl}/v1/join`,
      {
        headers: { Authorization: `Bearer ${token}` },
        // Before it has the manifest nobody knows the CA: curl goes by the pinned key, which another test checks.
        ...(ca ? { ca } : { rejectUnauthorized: false }),
      },
      response => {
        let body = '';
        response.on('data', chunk => (body += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode, body }),
        );
      },
    ).on('error', reject);
  });
}

function caOf(manifest: string): string {
  const [config] = parseAllDocuments(manifest)
    .map(document => document.toJS())
    .filter(
      o => o.kind === 'ConfigMap' && o.metadata.name === 'kubenova-manager',
    );
  return config.data['ca.crt'];
}

/** Takes a desired state, and says so. */
async function accept(session: ScriptedSession): Promise<ApplyYaml> {
  const state = await session.receive('applyYaml');
  const { key, generation, number } = state;
  session.send({ case: 'accepted', value: { key, generation, number } });
  return state;
}

function result(state: ApplyYaml, outcome: ApplyOutcome): ScriptedEvent {
  const { key, uid, generation } = state;
  return {
    key: `apply/${key}`,
    body: {
      case: 'applyResult',
      value: { key, uid, generation, outcome, message: '' },
    },
  };
}

describe('kubenovaPlugin', () => {
  const manager = useTestManager();
  let operator: ScriptedOperator | undefined;

  afterEach(() => operator?.disconnect());

  async function joinedOperator() {
    const { body: cluster } = await manager
      .post('/clusters', { name: 'fra1', datacenter: 'Frankfurt' })
      .expect(201);
    const command = await manager.post('/clusters/fra1/join-command', {});
    const { token } = command.body;
    const { status, body } = await join(manager.linkUrl, token);
    expect(status).toBe(200);
    expect(body).toBe(command.body.manifest);
    operator = new ScriptedOperator({
      url: manager.linkUrl,
      ca: caOf(body),
      cluster,
    });
    expect(await operator.enroll(token)).toMatchObject({});
    expect((await join(manager.linkUrl, token)).status).toBe(403);
    const { session } = await operator.connect();
    return { operator, session };
  }

  it('does the main job: join, bootstrap, place a tenant, deploy, delete', async () => {
    const joined = await joinedOperator();
    const { session } = joined;
    const tell = async (...events: ScriptedEvent[]) => {
      joined.operator.sendEvents(session, events);
      await session.receive('eventAck');
    };
    const shows = async (path: string, expected: object) =>
      eventually(
        async () => (await manager.get(path)).body,
        body => {
          try {
            expect(body).toMatchObject(expected);
            return true;
          } catch {
            return false;
          }
        },
      );

    await shows('/clusters/fra1', { status: 'bootstrapping', stale: false });
    const config = await accept(session);
    expect(config.key).toBe('cluster/config');
    await tell(result(config, ApplyOutcome.APPLIED), {
      key: 'status/cluster',
      body: {
        case: 'clusterStatus',
        value: {
          generation: config.generation,
          phase: 'Ready',
          components: [{ name: 'capsule', phase: 'Ready' }],
        },
      },
    });
    await shows('/clusters/fra1', {
      status: 'connected',
      sync: { state: 'Synced', acceptedGeneration: 1, appliedGeneration: 1 },
    });

    await makeTenant(manager, 'acme', 'fra1');
    const tenant = await accept(session);
    expect(tenant.key).toBe('tenants/acme');
    await tell(result(tenant, ApplyOutcome.APPLIED), {
      key: 'status/tenants/acme',
      body: {
        case: 'tenantStatus',
        value: {
          tenant: 'acme',
          uid: tenant.uid,
          generation: tenant.generation,
          phase: 'Ready',
          namespaces: ['acme-owner', 'acme-apps'],
        },
      },
    });
    await shows('/tenants/acme', { placements: [{ status: 'ready' }] });

    const { body: web } = await manager
      .post('/applications', {
        tenant: 'acme',
        name: 'web',
        clusters: ['fra1'],
        yaml: VELA_YAML,
      })
      .expect(201);
    const application = await accept(session);
    expect(application.key).toBe('applications/acme/web');
    await tell(result(application, ApplyOutcome.APPLIED), {
      key: 'status/applications/acme/web',
      body: {
        case: 'applicationStatus',
        value: {
          tenant: 'acme',
          application: 'web',
          uid: application.uid,
          generation: application.generation,
          health: Health.HEALTHY,
          phase: 'running',
        },
      },
    });
    await shows(`/users/me/apps/${web.id}/status`, {
      sync: 'Synced',
      health: 'Healthy',
      lastSyncedAt: expect.any(String),
    });

    await manager.delete(`/applications/${web.id}`).expect(202);
    const tombstone = await accept(session);
    expect(tombstone.content.case).toBe('tombstone');
    await tell(result(tombstone, ApplyOutcome.DELETING));
    await shows(`/applications/${web.id}`, { sync: 'Deleting' });
    await tell(result(tombstone, ApplyOutcome.DELETED));
    await shows(`/applications/${web.id}`, {
      error: { code: 'APPLICATION_NOT_FOUND' },
    });
  });

  it('refuses a join token that was made up', async () => {
    const { status, body } = await join(manager.linkUrl, 'knj_made-up');
    expect(status).toBe(403);
    expect(body).toMatch(/new join command/);
  });

  it('serves its OpenAPI document', async () => {
    const { body } = await manager.get('/openapi.json').expect(200);
    expect(Object.keys(body.paths)).toContain('/api/kubenova/clusters');
  });
});

describe('kubenovaPlugin does not start', () => {
  const database = useTestDatabase();
  const start = (link: object | undefined) =>
    startTestBackend({
      features: [
        kubenovaPlugin,
        createServiceFactory({
          service: coreServices.database,
          deps: {},
          factory: () => ({ getClient: async () => database.db }),
        }),
        mockServices.rootConfig.factory({ data: { kubenova: { link } } }),
      ],
    });

  it('without an encryption key, and says so', async () => {
    await expect(start({ listen: '127.0.0.1:0' })).rejects.toThrow(
      /kubenova\.encryptionKey/,
    );
  });

  it('without an address for the link, and says so', async () => {
    await expect(start(undefined)).rejects.toThrow(/kubenova\.link/);
  });

  it('on another database than PostgreSQL, and says so', async () => {
    const onSqlite = startTestBackend({ features: [kubenovaPlugin] });
    await expect(onSqlite).rejects.toThrow(/KubeNova needs PostgreSQL/);
  });
});
