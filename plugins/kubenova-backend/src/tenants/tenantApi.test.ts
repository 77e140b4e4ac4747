import { parse } from 'yaml';
import {
  makeClusters,
  makeTenant,
  openLinks,
  VELA_YAML,
} from '../__testUtils__/platform';
import { expectRefusal, type Refusal } from '../__testUtils__/refusals';
import { useTestManager } from '../__testUtils__/useTestManager';

describe('the API of tenants', () => {
  const manager = useTestManager();
  let clusters: Record<string, string>;

  beforeEach(async () => {
    clusters = await makeClusters(manager, 'fra1', 'ams1');
  });

  const desired = (cluster: string, key: string) =>
    manager
      .db('desired_states')
      .where({ cluster_id: clusters[cluster], key })
      .first();

  it('creates a tenant with a placement, and what its operator is to have, in each cluster', async () => {
    const { body } = await manager
      .post('/tenants', {
        name: 'acme',
        displayName: 'Acme Corp',
        clusters: ['fra1', 'ams1', 'fra1'],
      })
      .expect(201);
    expect(body).toMatchObject({
      name: 'acme',
      displayName: 'Acme Corp',
      deleting: false,
      etag: '"1"',
      placements: [
        { cluster: 'ams1', status: 'pending', sync: { state: 'Pending' } },
        { cluster: 'fra1', status: 'pending', sync: { state: 'Pending' } },
      ],
    });
    for (const placement of body.placements) {
      const state = await desired(placement.cluster, 'tenants/acme');
      expect(state.uid).toBe(placement.id);
      expect(parse(state.yaml)).toEqual({
        apiVersion: 'kubenova.io/v1alpha1',
        kind: 'NovaTenant',
        metadata: { name: 'acme' },
        spec: { uid: placement.id, displayName: 'Acme Corp' },
      });
    }
    const read = await manager.get('/tenants/acme').expect(200);
    expect(read.body).toEqual(body);
  });

  it('lists tenants by name, page by page', async () => {
    for (const name of ['c', 'a', 'b']) {
      await makeTenant(manager, name, 'fra1');
    }
    const names = (body: { items: Array<{ name: string }> }) =>
      body.items.map(({ name }) => name);
    const first = await manager.get('/tenants?limit=2').expect(200);
    expect(names(first.body)).toEqual(['a', 'b']);
    const rest = await manager
      .get(`/tenants?limit=2&cursor=${first.body.nextCursor}`)
      .expect(200);
    expect(names(rest.body)).toEqual(['c']);
  });

  it('places a tenant in one more cluster, once', async () => {
    await makeTenant(manager, 'acme', 'fra1');
    const placed = await manager
      .put('/tenants/acme/placements/ams1', {})
      .expect(200);
    expect(placed.body.placements).toHaveLength(2);
    expect(placed.body.etag).toBe('"2"');
    const again = await manager
      .put('/tenants/acme/placements/ams1', {})
      .expect(200);
    expect(again.body).toEqual(placed.body);
  });

  it('takes a tenant out of a cluster when its operator has confirmed', async () => {
    await makeTenant(manager, 'acme', 'fra1', 'ams1');
    await openLinks(manager);
    const answer = await manager
      .delete('/tenants/acme/placements/ams1')
      .expect(202);
    expect(answer.body.placements).toMatchObject([
      { cluster: 'ams1', status: 'deleting', sync: { state: 'Deleting' } },
      { cluster: 'fra1', status: 'pending' },
    ]);
    expect(await desired('ams1', 'tenants/acme')).toMatchObject({
      tombstone: true,
    });
    const refused = await manager.put('/tenants/acme/placements/ams1', {});
    expect(refused.status).toBe(409);
    expect(refused.body.error.code).toBe('PLACEMENT_DELETING');
  });

  it('keeps the name of a tenant taken while it is being deleted', async () => {
    await makeTenant(manager, 'acme', 'fra1');
    await openLinks(manager);
    const deleted = await manager.delete('/tenants/acme').expect(202);
    expect(deleted.body.deleting).toBe(true);
    const refused = await manager.post('/tenants', {
      name: 'acme',
      clusters: ['fra1'],
    });
    expect(refused.status).toBe(409);
    expect(refused.body.error).toMatchObject({
      code: 'NAME_BEING_DELETED',
      message: expect.stringContaining('fra1'),
    });
  });

  it('forgets a tenant at once where no operator was ever told of it', async () => {
    await makeTenant(manager, 'acme', 'fra1', 'ams1');
    await manager.delete('/tenants/acme').expect(202);
    await manager.get('/tenants/acme').expect(404);
    await makeTenant(manager, 'acme', 'fra1');
    await manager.get('/tenants/acme').expect(200);
  });

  it('refuses to delete a cluster in which tenants are placed', async () => {
    await makeTenant(manager, 'acme', 'fra1');
    const refused = await manager.delete('/clusters/fra1');
    expect(refused.status).toBe(409);
    expect(refused.body.error).toMatchObject({
      code: 'CLUSTER_NOT_EMPTY',
      message: expect.stringContaining('acme'),
    });
    await manager.get('/clusters/fra1').expect(200);
  });

  it('lets one of two requests for the same name win', async () => {
    const answers = await Promise.all(
      [1, 2, 3].map(() =>
        manager.post('/tenants', { name: 'acme', clusters: ['fra1', 'ams1'] }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it('answers repetitions that come at the same time with the first answer', async () => {
    const headers = { 'Idempotency-Key': 'k' };
    const answers = await Promise.all(
      [1, 2, 3].map(() =>
        manager.post(
          '/tenants',
          { name: 'acme', clusters: ['fra1'] },
          { headers },
        ),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(answers[1].body).toEqual(answers[0].body);
    expect(answers[2].body).toEqual(answers[0].body);
  });

  describe('refuses, and changes nothing:', () => {
    beforeEach(async () => {
      await makeTenant(manager, 'acme', 'fra1');
      await manager
        .post('/applications', {
          tenant: 'acme',
          name: 'web',
          clusters: ['fra1'],
          yaml: VELA_YAML,
        })
        .expect(201);
    });

    const create = (name: string, ...names: string[]) =>
      manager.post('/tenants', { name, clusters: names });

    it.each<Refusal>([
      ['no DNS label', 400, 'NAME_INVALID', () => create('A b', 'fra1')],
      ['a platform name', 400, 'NAME_RESERVED', () => create('kube', 'fra1')],
      [
        'what extends one',
        400,
        'NAME_RESERVED',
        () => create('vela-x', 'fra1'),
      ],
      [
        "what extends another's",
        409,
        'NAME_RESERVED',
        () => create('acme-x', 'fra1'),
      ],
      ['a name that is taken', 409, 'NAME_TAKEN', () => create('acme', 'fra1')],
      [
        'an unknown cluster',
        404,
        'CLUSTER_NOT_FOUND',
        () => create('b', 'fra1', 'x'),
      ],
      ['no cluster', 400, 'INPUT_INVALID', () => create('b')],
      [
        'an unknown tenant to read',
        404,
        'TENANT_NOT_FOUND',
        () => manager.get('/tenants/b'),
      ],
      [
        'an unknown tenant to delete',
        404,
        'TENANT_NOT_FOUND',
        () => manager.delete('/tenants/b'),
      ],
      [
        'an unknown tenant to place',
        404,
        'TENANT_NOT_FOUND',
        () => manager.put('/tenants/b/placements/fra1', {}),
      ],
      [
        'a placement in an unknown cluster',
        404,
        'CLUSTER_NOT_FOUND',
        () => manager.put('/tenants/acme/placements/x', {}),
      ],
      [
        'a deletion of a placement that is none',
        404,
        'PLACEMENT_NOT_FOUND',
        () => manager.delete('/tenants/acme/placements/ams1'),
      ],
      [
        'a deletion of a tenant with applications',
        409,
        'TENANT_NOT_EMPTY',
        () => manager.delete('/tenants/acme'),
      ],
      [
        'a deletion of a placement with applications',
        409,
        'TENANT_NOT_EMPTY',
        () => manager.delete('/tenants/acme/placements/fra1'),
      ],
      [
        'an old etag',
        412,
        'ETAG_MISMATCH',
        () =>
          manager.delete('/tenants/acme', { headers: { 'If-Match': '"9"' } }),
      ],
      [
        'a made-up cursor',
        400,
        'CURSOR_INVALID',
        () => manager.get('/tenants?cursor=x'),
      ],
    ])('%s', (...refusal) => expectRefusal(manager, refusal));

    it('a name that another tenant extends', async () => {
      await makeTenant(manager, 'nova-east', 'fra1');
      await expectRefusal(manager, [
        '',
        409,
        'NAME_RESERVED',
        () => create('nova', 'fra1'),
      ]);
    });
  });
});
