import { expectRefusal, type Refusal } from '../__testUtils__/refusals';
import { useTestManager } from '../__testUtils__/useTestManager';

const FRA1 = { name: 'fra1', datacenter: 'Frankfurt' };

describe('the API of clusters', () => {
  const manager = useTestManager();

  it('registers a cluster together with its desired configuration', async () => {
    const created = await manager
      .post('/clusters', {
        ...FRA1,
        config: { targetStorageClass: 'local', installKubeVela: false },
      })
      .expect(201);
    expect(created.body).toMatchObject({
      name: 'fra1',
      datacenter: 'Frankfurt',
      status: 'pending_bootstrap',
      stale: false,
      config: {
        installCapsule: true,
        installCapsuleProxy: true,
        installKubeVela: false,
        kubeVelaProfile: 'default',
        targetStorageClass: 'local',
      },
      components: [],
      sync: { state: 'Pending', desiredGeneration: 1 },
      etag: '"1"',
    });
    expect(created.body.novaClusterId).not.toBe(created.body.id);
    const [state] = await manager.db('desired_states').select();
    expect(state).toMatchObject({
      cluster_id: created.body.id,
      key: 'cluster/config',
      uid: created.body.id,
    });
    expect(state.yaml).toContain('kind: NovaClusterConfig');
    expect(state.yaml).toContain('targetStorageClass: local');
    const read = await manager.get('/clusters/fra1').expect(200);
    expect(read.body).toEqual(created.body);
  });

  it('shows a cluster that two operators claim as an error, whatever they report (S1)', async () => {
    const { body } = await manager.post('/clusters', FRA1).expect(201);
    await manager
      .db('links')
      .where({ cluster_id: body.id })
      .update({ contested_at: manager.db.fn.now() });
    expect((await manager.get('/clusters/fra1')).body).toMatchObject({
      status: 'error',
      statusReason: expect.stringContaining('Two operators claim this cluster'),
    });
  });

  it('lists clusters by name, page by page', async () => {
    for (const name of ['c', 'a', 'b']) {
      await manager.post('/clusters', { ...FRA1, name }).expect(201);
    }
    const first = await manager.get('/clusters?limit=2').expect(200);
    expect(first.body.items.map(({ name }: { name: string }) => name)).toEqual([
      'a',
      'b',
    ]);
    const { nextCursor } = first.body;
    const rest = await manager
      .get(`/clusters?limit=2&cursor=${nextCursor}`)
      .expect(200);
    expect(rest.body.items.map(({ name }: { name: string }) => name)).toEqual([
      'c',
    ]);
    expect(rest.body.nextCursor).toBeUndefined();
  });

  it('changes the configuration and raises generation and etag', async () => {
    await manager.post('/clusters', FRA1).expect(201);
    const changed = await manager
      .put(
        '/clusters/fra1',
        {
          datacenter: 'Frankfurt 2',
          config: { targetLbAnnotations: { a: 'b' } },
        },
        { headers: { 'If-Match': '"1"' } },
      )
      .expect(200);
    expect(changed.body).toMatchObject({
      datacenter: 'Frankfurt 2',
      config: { installCapsule: true, targetLbAnnotations: { a: 'b' } },
      sync: { desiredGeneration: 2 },
      etag: '"2"',
    });
  });

  it('deletes an empty cluster and its desired state', async () => {
    await manager.post('/clusters', FRA1).expect(201);
    await manager.delete('/clusters/fra1').expect(204);
    await manager.get('/clusters/fra1').expect(404);
    expect(await manager.db('desired_states').select()).toEqual([]);
  });

  it('shows what a cluster is waiting for until it connects', async () => {
    await manager.post('/clusters', FRA1).expect(201);
    const reported = await manager
      .put('/clusters/fra1/progress', { message: 'Building etcd', percent: 10 })
      .expect(200);
    expect(reported.body.progress).toMatchObject({
      message: 'Building etcd',
      percent: 10,
    });
    await manager.db('clusters').update({ connected_at: new Date() });
    const refused = await manager
      .put('/clusters/fra1/progress', { message: 'Too late' })
      .expect(409);
    expect(refused.body.error).toMatchObject({ code: 'ALREADY_CONNECTED' });
  });

  it('makes a join command of one line with a token that is kept as a hash', async () => {
    await manager.post('/clusters', FRA1).expect(201);
    const { body } = await manager
      .post('/clusters/fra1/join-command', {})
      .expect(201);
    expect(body.command).toBe(
      `curl -fsSk --pinnedpubkey '${body.pinnedKey}' -H 'Authorization: Bearer ${body.token}' ${manager.linkUrl}/v1/join | kubectl apply -f -`,
    );
    expect(body.pinnedKey).toMatch(/^sha256\/\/[A-Za-z0-9+/]{43}=$/);
    expect(body.manifest).toContain(body.token);
    const minutes = (Date.parse(body.expiresAt) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(59);
    expect(minutes).toBeLessThanOrEqual(60);
    const [row] = await manager.db('join_tokens').select();
    expect(row.token_hash.toString('hex')).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(row)).not.toContain(body.token);
  });

  it('answers a repeated request with the first answer', async () => {
    const headers = { 'Idempotency-Key': 'k1' };
    const first = await manager.post('/clusters', FRA1, { headers });
    const again = await manager.post('/clusters', FRA1, { headers });
    expect(first.status).toBe(201);
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    const other = await manager.post(
      '/clusters',
      { ...FRA1, name: 'ams1' },
      { headers },
    );
    expect(other.status).toBe(409);
    expect(other.body.error.code).toBe('IDEMPOTENCY_KEY_REUSED');
    // Keys of other people have nothing to do with it.
    await manager
      .post(
        '/clusters',
        { ...FRA1, name: 'ams1' },
        {
          headers,
          user: 'user:default/bob',
        },
      )
      .expect(201);
  });

  describe('refuses, and changes nothing:', () => {
    beforeEach(() => manager.post('/clusters', FRA1).expect(201));

    it.each<Refusal>([
      [
        'a name that is no DNS label',
        400,
        'NAME_INVALID',
        () => manager.post('/clusters', { ...FRA1, name: 'Fra_1' }),
      ],
      [
        'an empty name',
        400,
        'NAME_INVALID',
        () => manager.post('/clusters', { ...FRA1, name: '' }),
      ],
      [
        'a name of 41 characters',
        400,
        'NAME_INVALID',
        () => manager.post('/clusters', { ...FRA1, name: 'x'.repeat(41) }),
      ],
      [
        'a name that is taken',
        409,
        'NAME_TAKEN',
        () => manager.post('/clusters', FRA1),
      ],
      [
        'a body without a datacenter',
        400,
        'INPUT_INVALID',
        () => manager.post('/clusters', { name: 'ams1' }),
      ],
      [
        'a body that is no JSON',
        400,
        'INPUT_INVALID',
        () =>
          manager
            .post(
              '/clusters',
              {},
              { headers: { 'Content-Type': 'application/json' } },
            )
            .send('{'),
      ],
      [
        'an unknown field',
        400,
        'INPUT_INVALID',
        () =>
          manager.post('/clusters', { ...FRA1, name: 'a', kubeconfig: 'x' }),
      ],
      [
        'an unknown cluster to read',
        404,
        'CLUSTER_NOT_FOUND',
        () => manager.get('/clusters/nowhere'),
      ],
      [
        'an unknown cluster to change',
        404,
        'CLUSTER_NOT_FOUND',
        () => manager.put('/clusters/nowhere', { datacenter: 'x' }),
      ],
      [
        'an unknown cluster to delete',
        404,
        'CLUSTER_NOT_FOUND',
        () => manager.delete('/clusters/nowhere'),
      ],
      [
        'an unknown cluster to join',
        404,
        'CLUSTER_NOT_FOUND',
        () => manager.post('/clusters/nowhere/join-command', {}),
      ],
      [
        'an unknown cluster to report on',
        404,
        'CLUSTER_NOT_FOUND',
        () => manager.put('/clusters/nowhere/progress', { message: 'x' }),
      ],
      [
        'a change based on an old etag',
        412,
        'ETAG_MISMATCH',
        () =>
          manager.put(
            '/clusters/fra1',
            { datacenter: 'x' },
            {
              headers: { 'If-Match': '"7"' },
            },
          ),
      ],
      [
        'a deletion based on an old etag',
        412,
        'ETAG_MISMATCH',
        () =>
          manager.delete('/clusters/fra1', { headers: { 'If-Match': '"7"' } }),
      ],
      [
        'a made-up cursor',
        400,
        'CURSOR_INVALID',
        () => manager.get('/clusters?cursor=bm9wZQ'),
      ],
      [
        'a limit of 0',
        400,
        'INPUT_INVALID',
        () => manager.get('/clusters?limit=0'),
      ],
    ])('%s', (...refusal) => expectRefusal(manager, refusal));
  });
});
