import { ApplyOutcome, type ApplyYaml } from '@kubenova/proto';
import { expectRefusal, type Refusal } from '../__testUtils__/refusals';
import { makeClusters, makeTenant, VELA_YAML } from '../__testUtils__/platform';
import { useTestManager } from '../__testUtils__/useTestManager';
import { eventually } from '../link/__testUtils__/eventually';
import { ScriptedOperator } from '../link/__testUtils__/ScriptedOperator';
import type { ScriptedSession } from '../link/__testUtils__/ScriptedSession';

const TABLES = [
  'links',
  'desired_states',
  'clusters',
  'tenants',
  'placements',
  'applications',
  'application_revisions',
  'deployments',
];
const CAPABILITIES = { capabilities: ['held-states'] };

jest.setTimeout(60_000);

describe('a Manager whose database was restored (D9)', () => {
  const manager = useTestManager();
  let operator: ScriptedOperator;
  let session: ScriptedSession;

  beforeEach(async () => {
    await makeClusters(manager, 'fra1');
    const cluster = await manager.get('/clusters/fra1');
    const { body } = await manager.post('/clusters/fra1/join-command', {});
    const { ca_certificate } = await manager.db('installation').first();
    operator = new ScriptedOperator({
      url: manager.linkUrl,
      ca: ca_certificate,
      cluster: cluster.body,
    });
    await operator.enroll(body.token);
    ({ session } = await operator.connect(CAPABILITIES));
    await take(1);
  });

  afterEach(async () => {
    operator.disconnect();
    await eventually(
      () => manager.db('links').where({ open: true }),
      open => open.length === 0,
    );
    for (const table of TABLES) {
      await manager.db.raw(`DROP TABLE IF EXISTS backup_${table}`);
    }
  });

  /** The operator accepts what comes next. */
  async function take(count: number): Promise<ApplyYaml[]> {
    const frames: ApplyYaml[] = [];
    for (let index = 0; index < count; index += 1) {
      if (session.unexpected[0]?.case === 'eventAck') {
        await session.receive('eventAck');
      }
      const frame = await session.receive('applyYaml');
      session.accept(frame);
      frames.push(frame);
    }
    const { number } = frames[frames.length - 1];
    await eventually(
      () =>
        manager
          .db('desired_states')
          .whereRaw('accepted_generation is distinct from generation'),
      rows => rows.length === 0 || number === 0n,
    );
    return frames;
  }

  async function backUp(): Promise<void> {
    for (const table of TABLES) {
      await manager.db.raw(
        `CREATE TABLE backup_${table} AS SELECT * FROM ${table}`,
      );
    }
  }

  /** Takes the database back, while the operator is away, and has it connect again. */
  async function restore(): Promise<void> {
    operator.disconnect();
    await eventually(
      () => manager.db('links').where({ open: true }),
      open => open.length === 0,
    );
    await manager.db.transaction(async tx => {
      await tx.raw("SET session_replication_role = 'replica'");
      for (const table of TABLES) {
        await tx(table).delete();
        await tx.raw(`INSERT INTO ${table} SELECT * FROM backup_${table}`);
      }
      await tx('links').update({ open: false });
      await tx.raw("SET session_replication_role = 'origin'");
    });
    const connected = await operator.connect(CAPABILITIES);
    session = connected.session;
    operator.assignedSeq = connected.welcome.ackedSeq;
  }

  /** Waits until the operator has told everything that it was asked for. */
  async function entries(count: number) {
    for (;;) {
      const { body } = await manager.get('/clusters/fra1/behind').expect(200);
      const isRead = body.entries.every(
        (entry: { operator: { deleted: boolean; yaml?: string } }) =>
          entry.operator.deleted || entry.operator.yaml !== undefined,
      );
      if (body.entries.length === count && isRead) {
        return body.entries;
      }
      if (session.unexpected.some(frame => frame.case === 'heldRequest')) {
        const request = await session.receive('heldRequest');
        operator.answerHeldRequest(session, request);
      } else {
        await new Promise(resolve => setTimeout(resolve, 10));
      }
    }
  }

  const decide = (body: object) =>
    manager.post('/clusters/fra1/behind/decisions', body);
  const deploy = (name: string, yaml = VELA_YAML) =>
    manager
      .post('/applications', {
        tenant: 'acme',
        name,
        clusters: ['fra1'],
        yaml: yaml.replace('name: web', `name: ${name}`),
      })
      .expect(201);
  const held = (key: string) => operator.held.get(key);
  const desired = (key: string) =>
    manager.db('desired_states').where({ key }).first();

  /** Everything that can be lost, and its backup. */
  async function loseEverything() {
    await makeTenant(manager, 'acme', 'fra1');
    const web = (await deploy('web')).body;
    const old = (await deploy('old')).body;
    await take(3);
    await backUp();
    const yaml = VELA_YAML.replace('2.26.0', '2.27.0');
    await manager.put(`/applications/${web.id}`, { yaml }).expect(200);
    await manager.delete(`/applications/${old.id}`).expect(202);
    await manager
      .put('/clusters/fra1', { config: { targetStorageClass: 'fast' } })
      .expect(200);
    await makeTenant(manager, 'globex', 'fra1');
    await take(4);
    await restore();
    return { web, old, yaml };
  }

  it('sends nothing, and shows what differs', async () => {
    await loseEverything();
    const differences = await entries(4);

    expect(differences).toMatchObject([
      {
        key: 'applications/acme/old',
        difference: 'newer',
        operator: { deleted: true },
        manager: { deleted: false, yaml: expect.any(String) },
        adoptable: true,
      },
      { key: 'applications/acme/web', difference: 'newer', adoptable: true },
      { key: 'cluster/config', difference: 'newer', adoptable: true },
      {
        key: 'tenants/globex',
        difference: 'unknown',
        operator: { yaml: expect.stringContaining('globex') },
        adoptable: true,
      },
    ]);
    expect(differences[3].manager).toBeUndefined();
    const { body: cluster } = await manager.get('/clusters/fra1');
    expect(cluster.conditions[0]).toMatchObject({
      type: 'ManagerBehind',
      status: 'True',
      message: expect.stringContaining('4 objects'),
    });

    // Even what does not differ waits.
    await makeTenant(manager, 'other', 'fra1');
    await session.receive('heartbeat');
    expect(session.unexpected).toEqual([]);
  });

  it('takes over everything that the datacenter has', async () => {
    const { web, old, yaml } = await loseEverything();
    await entries(4);
    const { body: left } = await decide({ decision: 'adopt' }).expect(200);
    expect(left).toEqual({ entries: [] });

    const { body: application } = await manager.get(`/applications/${web.id}`);
    expect(application).toMatchObject({ revision: 2 });
    expect(application.yaml).toContain('2.27.0');
    expect(yaml).toContain('2.27.0');
    const { body: globex } = await manager.get('/tenants/globex').expect(200);
    expect(globex.placements).toMatchObject([{ cluster: 'fra1' }]);
    const { body: cluster } = await manager.get('/clusters/fra1');
    expect(cluster.config.targetStorageClass).toBe('fast');
    expect(cluster.conditions).toEqual([]);
    for (const key of [
      'cluster/config',
      'applications/acme/web',
      'tenants/globex',
    ]) {
      const state = held(key)!;
      expect(await desired(key)).toMatchObject({
        generation: `${state.generation}`,
        accepted_generation: `${state.generation}`,
        uid: state.uid,
        sha256: Buffer.from(state.sha256),
      });
    }
    expect(
      await manager.db('placements').where({ id: held('tenants/globex')?.uid }),
    ).toHaveLength(1);

    // A tombstone is confirmed once more, and a snapshot tells how the rest is.
    const uid = held('applications/acme/old')?.uid;
    const frame = await session.receive('applyYaml');
    expect(frame).toMatchObject({ uid, content: { case: 'tombstone' } });
    session.accept(frame);
    await eventually(
      () => session.seen,
      seen => seen.includes('snapshotRequest'),
    );
    expect((await manager.get(`/applications/${old.id}`)).body).toMatchObject({
      deleting: true,
    });

    // From here on all goes its way.
    await deploy('next');
    expect(await session.receive('applyYaml')).toMatchObject({
      key: 'applications/acme/next',
    });
  });

  it('says its own word again, above everything that the datacenter has seen', async () => {
    const { web } = await loseEverything();
    await entries(4);
    const highest = [...operator.held.values()]
      .map(({ generation }) => generation)
      .reduce((a, b) => (a > b ? a : b));
    const { uid } = held('tenants/globex')!;
    await decide({ decision: 'overwrite' }).expect(200);

    const frames = await take(4);
    expect(frames.every(({ generation }) => generation > highest)).toBe(true);
    expect(frames.map(f => `${f.content.case} ${f.key}`).sort()).toEqual([
      'tombstone tenants/globex',
      'yaml applications/acme/old',
      'yaml applications/acme/web',
      'yaml cluster/config',
    ]);
    expect(frames.find(({ key }) => key === 'tenants/globex')?.uid).toBe(uid);
    const { body } = await manager.get(`/applications/${web.id}`);
    expect(body).toMatchObject({ revision: 1 });
  });

  it('decides key by key, and sends nothing before the last one', async () => {
    await loseEverything();
    const [, web, config, globex] = await entries(4);
    const { body } = await decide({
      decision: 'overwrite',
      keys: [web, config].map(({ key, etag }) => ({ key, etag })),
    }).expect(200);
    expect(body.entries).toHaveLength(2);
    await session.receive('heartbeat');
    expect(session.unexpected).toEqual([]);

    await decide({
      decision: 'adopt',
      keys: [{ key: globex.key }, { key: 'applications/acme/old' }],
    }).expect(200);
    expect((await take(3)).map(({ key }) => key).sort()).toEqual([
      'applications/acme/old',
      'applications/acme/web',
      'cluster/config',
    ]);
    // A decision may be repeated.
    await decide({ decision: 'adopt', keys: [{ key: globex.key }] }).expect(
      200,
    );
    await decide({ decision: 'overwrite' }).expect(200);
    expect(session.unexpected).toEqual([]);
  });

  it('adopts an application with the tenant that it needs', async () => {
    await backUp();
    await makeTenant(manager, 'acme', 'fra1');
    const { body: web } = await deploy('web');
    await take(2);
    await restore();
    const [application] = await entries(2);
    expect(application).toMatchObject({ adoptable: true });

    await decide({ decision: 'adopt' }).expect(200);

    const { body } = await manager.get('/applications?tenant=acme');
    expect(body.items).toMatchObject([
      {
        name: 'web',
        revision: 1,
        deployments: [{ id: web.deployments[0].id, cluster: 'fra1' }],
      },
    ]);
    // What is adopted can be changed as if nothing had been.
    await manager
      .put(`/applications/${body.items[0].id}`, {
        yaml: VELA_YAML.replace('2.26.0', '2.27.0'),
      })
      .expect(200);
    expect(await session.receive('applyYaml')).toMatchObject({
      key: 'applications/acme/web',
      uid: web.deployments[0].id,
    });
  });

  it('takes over another object of the same name', async () => {
    await makeTenant(manager, 'acme', 'fra1');
    await take(1);
    await backUp();
    await replaceTenant();
    await restore();
    await entries(1);
    const { uid } = held('tenants/acme')!;

    await decide({ decision: 'adopt' }).expect(200);

    const placements = await manager.db('placements').pluck('id');
    expect(placements).toEqual([uid]);
    expect(await desired('tenants/acme')).toMatchObject({ uid });
  });

  it('deletes another object of the same name before its own comes back', async () => {
    const first = await makeTenant(manager, 'acme', 'fra1');
    await take(1);
    await backUp();
    await replaceTenant();
    await restore();
    await entries(1);
    const before = held('tenants/acme')!;
    await decide({ decision: 'overwrite' }).expect(200);

    const [tombstone] = await take(1);
    expect(tombstone).toMatchObject({
      uid: before.uid,
      content: { case: 'tombstone' },
    });
    await confirm(tombstone);
    const [own] = await take(1);
    expect(own.uid).not.toBe(before.uid);
    expect(await manager.db('placements').pluck('id')).toEqual([own.uid]);
    expect((await manager.get('/tenants/acme')).body.id).toBe(first.id);
  });

  /** Deletes the tenant, waits until it is gone, and makes another one of the name. */
  async function replaceTenant(): Promise<void> {
    await manager.delete('/tenants/acme').expect(202);
    const [tombstone] = await take(1);
    await confirm(tombstone);
    await eventually(
      () => manager.db('tenants'),
      tenants => tenants.length === 0,
    );
    await makeTenant(manager, 'acme', 'fra1');
    await take(1);
  }

  async function confirm(frame: ApplyYaml): Promise<void> {
    await tell(frame, ApplyOutcome.DELETED);
  }

  async function tell(
    { key, uid, generation }: ApplyYaml,
    outcome: ApplyOutcome,
  ): Promise<void> {
    operator.sendEvents(session, [
      {
        key: `apply/${key}`,
        body: {
          case: 'applyResult',
          value: { key, uid, generation, outcome },
        },
      },
    ]);
    await eventually(
      () => session.unexpected,
      frames => frames.some(frame => frame.case === 'eventAck'),
    );
  }

  it('refuses what would not be a decision', async () => {
    await loseEverything();
    const [, web] = await entries(4);
    const refusals: Refusal[] = [
      [
        'an unknown cluster',
        404,
        'CLUSTER_NOT_FOUND',
        () => manager.get('/clusters/nowhere/behind'),
      ],
      [
        'a key of which there is nothing',
        404,
        'BEHIND_KEY_NOT_FOUND',
        () => decide({ decision: 'adopt', keys: [{ key: 'tenants/none' }] }),
      ],
      [
        'an entry that changed meanwhile',
        409,
        'BEHIND_CHANGED',
        () =>
          decide({
            decision: 'adopt',
            keys: [{ key: web.key, etag: 'of-yesterday' }],
          }),
      ],
      [
        'no decision',
        400,
        'INPUT_INVALID',
        () => decide({ decision: 'forget' }),
      ],
      [
        'a change of what is undecided',
        409,
        'MANAGER_BEHIND',
        () => manager.post('/tenants', { name: 'globex', clusters: ['fra1'] }),
      ],
    ];
    for (const refusal of refusals) {
      await expectRefusal(manager, refusal);
    }
  });

  it('gives a name again only when the datacenter, back again, has confirmed that it is gone (D3)', async () => {
    await makeTenant(manager, 'acme', 'fra1');
    const [first] = await take(1);
    operator.disconnect();
    await manager.delete('/tenants/acme').expect(202);
    const create = () =>
      manager.post('/tenants', { name: 'acme', clusters: ['fra1'] });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expectRefusal(manager, ['', 409, 'NAME_BEING_DELETED', create]);
    }

    ({ session } = await operator.connect(CAPABILITIES));
    const [tombstone] = await take(1);
    expect(tombstone).toMatchObject({
      uid: first.uid,
      content: { case: 'tombstone' },
    });
    await expectRefusal(manager, ['', 409, 'NAME_BEING_DELETED', create]);
    await confirm(tombstone);
    await create().expect(201);
    const [second] = await take(1);
    expect(second.uid).not.toBe(first.uid);
    expect(second.generation).toBeGreaterThan(tombstone.generation);
  });

  it('tries again what failed, under a new generation, once', async () => {
    await makeTenant(manager, 'acme', 'fra1');
    const { body: web } = await deploy('web');
    const [, frame] = await take(2);
    const retry = (key: string) =>
      manager.post('/clusters/fra1/retry', { key });
    const key = 'applications/acme/web';
    await expectRefusal(manager, [
      'nothing was told yet',
      409,
      'NOT_RETRYABLE',
      () => retry(key),
    ]);
    await tell(frame, ApplyOutcome.FAILED);

    const { body: retried } = await retry(key).expect(202);

    expect(retried.generation).toBeGreaterThan(Number(frame.generation));
    const { body } = await manager.get(`/applications/${web.id}`);
    expect(body.deployments[0].sync).toMatchObject({
      state: 'Pending',
      desiredGeneration: retried.generation,
    });
    const [again] = await take(1);
    expect(again).toMatchObject({
      key,
      uid: frame.uid,
      generation: BigInt(retried.generation),
      content: frame.content,
    });
    await tell(again, ApplyOutcome.APPLIED);
    const refusals: Refusal[] = [
      ['it is applied', 409, 'NOT_RETRYABLE', () => retry(key)],
      ['nothing is wanted', 404, 'NOT_RETRYABLE', () => retry('tenants/none')],
      [
        'no such cluster',
        404,
        'CLUSTER_NOT_FOUND',
        () => manager.post('/clusters/nowhere/retry', { key }),
      ],
    ];
    for (const refusal of refusals) {
      await expectRefusal(manager, refusal);
    }
  });

  it('adopts nothing of what an older operator does not tell', async () => {
    await makeTenant(manager, 'acme', 'fra1');
    await take(1);
    await backUp();
    await makeTenant(manager, 'globex', 'fra1');
    await take(1);
    CAPABILITIES.capabilities = [];
    await restore();
    CAPABILITIES.capabilities = ['held-states'];
    const { body } = await eventually(
      () => manager.get('/clusters/fra1/behind'),
      answer => answer.body.entries.length > 0,
    );
    expect(body.entries).toMatchObject([
      {
        key: 'tenants/globex',
        adoptable: false,
        refusal: expect.stringContaining('overwrite it'),
      },
    ]);
    await expectRefusal(manager, [
      'adoption',
      409,
      'NOT_ADOPTABLE',
      () => decide({ decision: 'adopt' }),
    ]);
    expect(session.seen).not.toContain('heldRequest');
    await decide({ decision: 'overwrite' }).expect(200);
    expect(await take(1)).toMatchObject([{ content: { case: 'tombstone' } }]);
  });
});
