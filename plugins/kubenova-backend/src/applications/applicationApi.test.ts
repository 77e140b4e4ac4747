import {
  makeClusters,
  makeTenant,
  openLinks,
  VELA_YAML,
} from '../__testUtils__/platform';
import { expectRefusal, type Refusal } from '../__testUtils__/refusals';
import { useTestManager } from '../__testUtils__/useTestManager';

const WEB = {
  tenant: 'acme',
  name: 'web',
  clusters: ['fra1'],
  yaml: VELA_YAML,
};
const NOBODY = '00000000-0000-4000-8000-000000000000';
const MIB = 1024 * 1024;

/** VELA_YAML with a comment that makes it that many bytes long; each ä has two. */
function yamlOfBytes(bytes: number): string {
  const head = `${VELA_YAML}# `;
  const missing = bytes - Buffer.byteLength(head);
  return head + 'ä'.repeat(missing >> 1) + 'a'.repeat(missing & 1);
}

describe('the API of applications', () => {
  const manager = useTestManager();
  let clusters: Record<string, string>;

  beforeEach(async () => {
    clusters = await makeClusters(manager, 'fra1', 'ams1', 'sin1');
    await makeTenant(manager, 'acme', 'fra1', 'ams1');
  });

  const deploy = async (request: object = {}) =>
    (await manager.post('/applications', { ...WEB, ...request }).expect(201))
      .body;

  const desired = (cluster: string) =>
    manager
      .db('desired_states')
      .where({ cluster_id: clusters[cluster], key: 'applications/acme/web' })
      .first();

  it('deploys YAML to each cluster with the metadata that is ours to set', async () => {
    const application = await deploy({ clusters: ['fra1', 'ams1'] });
    expect(application).toMatchObject({
      tenant: 'acme',
      name: 'web',
      revision: 1,
      yaml: VELA_YAML,
      sync: 'Pending',
      health: 'Unknown',
      createdBy: 'user:default/ada',
      deployments: [
        { cluster: 'ams1', revision: 1, health: 'Unknown', stale: false },
        { cluster: 'fra1', revision: 1, health: 'Unknown', stale: false },
      ],
    });
    for (const deployment of application.deployments) {
      const state = await desired(deployment.cluster);
      expect(state.uid).toBe(deployment.id);
      expect(JSON.parse(state.yaml)).toEqual({
        apiVersion: 'core.oam.dev/v1beta1',
        kind: 'Application',
        metadata: {
          name: 'web',
          namespace: 'acme-apps',
          labels: {
            team: 'blue',
            'kubenova.io/tenant': 'acme',
            'kubenova.io/application-uid': deployment.id,
          },
        },
        spec: expect.objectContaining({ components: expect.any(Array) }),
      });
    }
    const read = await manager.get(`/applications/${application.id}`);
    expect(read.body).toEqual(application);
  });

  it('deploys what the plain form says', async () => {
    const { yaml } = await deploy({
      yaml: undefined,
      form: { image: 'nginx:1.29', port: 80, replicas: 2, memory: '64Mi' },
    });
    expect(yaml).toContain('image: nginx:1.29');
    expect(JSON.parse((await desired('fra1')).yaml).spec).toMatchObject({
      components: [
        { type: 'webservice', traits: [{ properties: { replicas: 2 } }] },
      ],
    });
  });

  it('takes 1 MiB of YAML, counted in bytes', async () => {
    const yaml = yamlOfBytes(MIB);
    expect(Buffer.byteLength(yaml)).toBe(MIB);
    expect(yaml.length).toBeLessThan(MIB);
    expect((await deploy({ yaml })).yaml).toBe(yaml);
  });

  it('deploys a new revision with a new generation, and keeps the old ones', async () => {
    const { id, etag } = await deploy();
    const changed = await manager
      .put(
        `/applications/${id}`,
        { yaml: VELA_YAML.replace('2.26.0', '2.27.0') },
        { headers: { 'If-Match': etag }, user: 'user:default/bob' },
      )
      .expect(200);
    expect(changed.body).toMatchObject({ revision: 2, etag: '"2"' });
    expect((await desired('fra1')).yaml).toContain('2.27.0');
    const { body } = await manager.get(`/applications/${id}/revisions?limit=1`);
    expect(body.items).toMatchObject([
      { revision: 2, createdBy: 'user:default/bob' },
    ]);
    const rest = await manager.get(
      `/applications/${id}/revisions?cursor=${body.nextCursor}`,
    );
    expect(rest.body.items).toMatchObject([
      { revision: 1, yaml: VELA_YAML, createdBy: 'user:default/ada' },
    ]);
  });

  it('makes no revision of YAML that is the same', async () => {
    const { id, deployments } = await deploy();
    const { body } = await manager
      .put(`/applications/${id}`, { yaml: VELA_YAML })
      .expect(200);
    expect(body.revision).toBe(1);
    expect(body.deployments[0].sync.desiredGeneration).toBe(
      deployments[0].sync.desiredGeneration,
    );
  });

  it('moves an application from one cluster to another', async () => {
    const { id } = await deploy();
    await openLinks(manager);
    const { body } = await manager
      .put(`/applications/${id}`, { clusters: ['ams1'] })
      .expect(200);
    expect(body.deployments).toMatchObject([
      { cluster: 'ams1', sync: { state: 'Pending' } },
      { cluster: 'fra1', sync: { state: 'Deleting' } },
    ]);
    expect(await desired('fra1')).toMatchObject({ tombstone: true });
    const back = await manager.put(`/applications/${id}`, {
      clusters: ['fra1'],
    });
    expect(back.body.error.code).toBe('NAME_BEING_DELETED');
  });

  it('lists by tenant and name, filtered and page by page', async () => {
    await makeTenant(manager, 'beta', 'fra1');
    const make = (tenant: string, name: string, cluster = 'fra1') =>
      deploy({
        tenant,
        name,
        clusters: [cluster],
        yaml: undefined,
        form: { image: 'nginx' },
      });
    await make('beta', 'api');
    await make('acme', 'web', 'ams1');
    await make('acme', 'api');
    const names = async (query: string) =>
      (await manager.get(`/applications${query}`).expect(200)).body.items.map(
        (a: { tenant: string; name: string }) => `${a.tenant}/${a.name}`,
      );
    expect(await names('')).toEqual(['acme/api', 'acme/web', 'beta/api']);
    expect(await names('?tenant=acme')).toEqual(['acme/api', 'acme/web']);
    expect(await names('?name=api')).toEqual(['acme/api', 'beta/api']);
    expect(await names('?cluster=ams1')).toEqual(['acme/web']);
    const { body } = await manager.get('/applications?limit=2');
    expect(await names(`?cursor=${body.nextCursor}`)).toEqual(['beta/api']);
  });

  it('lists a deleted application as deleting, and refuses its name meanwhile', async () => {
    const { id } = await deploy();
    await openLinks(manager);
    const { body } = await manager.delete(`/applications/${id}`).expect(202);
    expect(body).toMatchObject({ deleting: true, sync: 'Deleting' });
    expect(await desired('fra1')).toMatchObject({ tombstone: true });
    const again = await manager.post('/applications', WEB);
    expect(again.status).toBe(409);
    expect(again.body.error).toMatchObject({
      code: 'NAME_BEING_DELETED',
      message: expect.stringContaining('fra1'),
    });
    const changed = await manager.put(`/applications/${id}`, {
      yaml: VELA_YAML,
    });
    expect(changed.body.error.code).toBe('NAME_BEING_DELETED');
  });

  it('forgets an application at once where no operator was ever told of it', async () => {
    const { id } = await deploy();
    await manager.delete(`/applications/${id}`).expect(202);
    await manager.get(`/applications/${id}`).expect(404);
    await deploy();
  });

  it('answers a repeated request with the first answer', async () => {
    const headers = { 'Idempotency-Key': 'k' };
    const ask = () => manager.post('/applications', WEB, { headers });
    const [first, again] = [await ask(), await ask()];
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
  });

  it('answers the status of an application from the database', async () => {
    const { id } = await deploy();
    const { body } = await manager.get(`/users/me/apps/${id}/status`);
    expect(body).toMatchObject({
      applicationId: id,
      tenant: 'acme',
      name: 'web',
      revision: 1,
      sync: 'Pending',
      health: 'Unknown',
      deployments: [{ cluster: 'fra1' }],
    });
    expect(body.lastSyncedAt).toBeUndefined();
    const list = await manager.get('/users/me/apps').expect(200);
    expect(list.body.items).toHaveLength(1);
  });

  describe('refuses, and changes nothing:', () => {
    let id: string;
    beforeEach(async () => {
      ({ id } = await deploy());
    });

    const create = (request: object) =>
      manager.post('/applications', { ...WEB, name: 'api', ...request });
    const createYaml = (...replaced: Array<[string, string]>) =>
      create({
        yaml: [['name: web\n  l', 'name: api\n  l'], ...replaced].reduce(
          (yaml, [from, to]) => yaml.replace(from, to),
          VELA_YAML,
        ),
      });
    const form = { image: 'nginx' };
    const onlyForm = { yaml: undefined, form };

    it.each<Refusal>([
      [
        'a name that is no DNS label',
        400,
        'NAME_INVALID',
        () => create({ name: 'Web' }),
      ],
      [
        'a name that is taken',
        409,
        'NAME_TAKEN',
        () => create({ name: 'web' }),
      ],
      [
        'an unknown tenant',
        404,
        'TENANT_NOT_FOUND',
        () => create({ ...onlyForm, tenant: 'nobody' }),
      ],
      [
        'an unknown cluster',
        404,
        'CLUSTER_NOT_FOUND',
        () => create({ ...onlyForm, clusters: ['fra1', 'nowhere'] }),
      ],
      [
        'a cluster without the tenant',
        404,
        'PLACEMENT_NOT_FOUND',
        () => create({ ...onlyForm, clusters: ['sin1'] }),
      ],
      [
        'neither form nor YAML',
        400,
        'FORM_OR_YAML',
        () => create({ yaml: undefined }),
      ],
      ['form and YAML', 400, 'FORM_OR_YAML', () => create({ form })],
      [
        'an unknown quantity in the form',
        400,
        'INPUT_INVALID',
        () => create({ yaml: undefined, form: { ...form, cpu: 'much' } }),
      ],
      ['what is no YAML', 400, 'YAML_INVALID', () => create({ yaml: 'a: [' })],
      [
        '1 MiB and one byte',
        400,
        'YAML_TOO_LARGE',
        () => create({ yaml: yamlOfBytes(MIB + 1) }),
      ],
      [
        'a body beyond all bounds',
        400,
        'YAML_TOO_LARGE',
        () => create({ yaml: 'a'.repeat(4 * MIB) }),
      ],
      [
        'what is no Application',
        400,
        'YAML_NOT_APPLICATION',
        () => createYaml(['kind: Application', 'kind: ConfigMap']),
      ],
      [
        'another name',
        400,
        'YAML_NAME_MISMATCH',
        () => create({ yaml: VELA_YAML }),
      ],
      [
        'another namespace',
        400,
        'YAML_FOREIGN_NAMESPACE',
        () => createYaml(['  labels', '  namespace: beta-apps\n  labels']),
      ],
      [
        'a nested Secret',
        400,
        'YAML_HAS_SECRET',
        () =>
          createYaml([
            'image:',
            'objects: [{apiVersion: v1, kind: Secret}]\n        image:',
          ]),
      ],
      [
        'an unknown application to read',
        404,
        'APPLICATION_NOT_FOUND',
        () => manager.get(`/applications/${NOBODY}`),
      ],
      [
        'an id that is no UUID',
        404,
        'APPLICATION_NOT_FOUND',
        () => manager.get('/applications/web'),
      ],
      [
        'an unknown application to change',
        404,
        'APPLICATION_NOT_FOUND',
        () => manager.put(`/applications/${NOBODY}`, { yaml: VELA_YAML }),
      ],
      [
        'an unknown application to delete',
        404,
        'APPLICATION_NOT_FOUND',
        () => manager.delete(`/applications/${NOBODY}`),
      ],
      [
        "an unknown application's revisions",
        404,
        'APPLICATION_NOT_FOUND',
        () => manager.get(`/applications/${NOBODY}/revisions`),
      ],
      [
        "an unknown application's status",
        404,
        'APPLICATION_NOT_FOUND',
        () => manager.get(`/users/me/apps/${NOBODY}/status`),
      ],
      [
        'a status for an unknown user',
        404,
        'USER_NOT_FOUND',
        () => manager.get(`/users/${NOBODY}/apps/${id}/status`),
      ],
      [
        'an empty change',
        400,
        'FORM_OR_YAML',
        () => manager.put(`/applications/${id}`, {}),
      ],
      [
        'a change to a Secret',
        400,
        'YAML_HAS_SECRET',
        () =>
          manager.put(`/applications/${id}`, {
            yaml: `${VELA_YAML}\n  policies: [{properties: {kind: Secret}}]`,
          }),
      ],
      [
        'a change based on an old etag',
        412,
        'ETAG_MISMATCH',
        () =>
          manager.put(
            `/applications/${id}`,
            { yaml: `${VELA_YAML}#` },
            {
              headers: { 'If-Match': '"9"' },
            },
          ),
      ],
      [
        'a deletion based on an old etag',
        412,
        'ETAG_MISMATCH',
        () =>
          manager.delete(`/applications/${id}`, {
            headers: { 'If-Match': '"9"' },
          }),
      ],
      [
        "a cursor that is no revision's",
        400,
        'CURSOR_INVALID',
        () =>
          manager.get(
            `/applications/${id}/revisions?cursor=${Buffer.from(
              '["acme"]',
            ).toString('base64url')}`,
          ),
      ],
      [
        'a cursor of another list',
        400,
        'CURSOR_INVALID',
        () =>
          manager.get(
            `/applications?cursor=${Buffer.from('["a"]').toString(
              'base64url',
            )}`,
          ),
      ],
    ])('%s', (...refusal) => expectRefusal(manager, refusal));
  });

  it('refuses a placement that is being deleted', async () => {
    await openLinks(manager);
    await manager.delete('/tenants/acme/placements/ams1').expect(202);
    await expectRefusal(manager, [
      '',
      409,
      'PLACEMENT_DELETING',
      () => manager.post('/applications', { ...WEB, clusters: ['ams1'] }),
    ]);
  });

  it('never deploys into a placement whose deletion won the race', async () => {
    await openLinks(manager);
    const [deployed, removed] = await Promise.all([
      manager.post('/applications', WEB),
      manager.delete('/tenants/acme/placements/fra1'),
    ]);
    // One of the two, never both.
    expect([
      [201, 409],
      [409, 202],
    ]).toContainEqual([deployed.status, removed.status]);
  });
});
