import { makeClusters } from '../__testUtils__/platform';
import { expectRefusal, type Refusal } from '../__testUtils__/refusals';
import { useTestManager } from '../__testUtils__/useTestManager';

const KEY = Buffer.alloc(32, 9);

describe("the API of operators' keys", () => {
  const manager = useTestManager();
  let clusterId: string;

  const link = () => manager.db('links').where({ cluster_id: clusterId });
  const keys = () =>
    manager.db('operator_keys').where({ cluster_id: clusterId });

  beforeEach(async () => {
    await makeClusters(manager, 'fra1', 'ams1');
    clusterId = (await manager.get('/clusters/fra1')).body.id;
    await manager.db('operator_keys').insert({
      cluster_id: clusterId,
      public_key: KEY,
      role: 'present',
    });
  });

  it('wishes for a new key, once until it is there', async () => {
    const first = await manager.post('/clusters/fra1/link/rotate-key', {});
    expect(first.status).toBe(202);
    const { rotation_id: id } = await link().first();
    expect(id).not.toBeNull();

    const second = await manager.post('/clusters/fra1/link/rotate-key', {});
    expect(second.body).toEqual(first.body);
    expect(await link().first()).toMatchObject({ rotation_id: id });

    await link().update({ rotation_completed_at: new Date() });
    await manager.post('/clusters/fra1/link/rotate-key', {}).expect(202);
    const renewed = await link().first();
    expect(renewed.rotation_id).not.toBe(id);
    expect(renewed.rotation_completed_at).toBeNull();
  });

  it('revokes every key, ends the session and takes a wish for a new key back', async () => {
    await manager.post('/clusters/fra1/link/rotate-key', {}).expect(202);
    const { epoch } = await link().first();

    await manager.post('/clusters/fra1/link/revoke-key', {}).expect(204);

    expect(await keys()).toEqual([
      expect.objectContaining({
        public_key: KEY,
        role: 'revoked',
        revoked_at: expect.any(Date),
      }),
    ]);
    expect(await link().first()).toMatchObject({
      epoch: String(Number(epoch) + 1),
      open: false,
      close_reason: 'The key of the operator was revoked.',
      rotation_id: null,
    });
  });

  it.each<Refusal>([
    [
      'rotating for a cluster that is not there',
      404,
      'CLUSTER_NOT_FOUND',
      () => manager.post('/clusters/lon1/link/rotate-key', {}),
    ],
    [
      'revoking for a cluster that is not there',
      404,
      'CLUSTER_NOT_FOUND',
      () => manager.post('/clusters/lon1/link/revoke-key', {}),
    ],
    [
      'rotating the key of nobody',
      409,
      'OPERATOR_NOT_ENROLLED',
      () => manager.post('/clusters/ams1/link/rotate-key', {}),
    ],
    [
      'revoking the key of nobody',
      409,
      'OPERATOR_NOT_ENROLLED',
      () => manager.post('/clusters/ams1/link/revoke-key', {}),
    ],
  ])('refuses %s', (...refusal) => expectRefusal(manager, refusal));

  it('refuses to wish for the new key of an operator that can make none', async () => {
    await link().update({ capabilities: ['calls'] });
    await expectRefusal(manager, [
      '',
      409,
      'KEY_ROTATION_UNSUPPORTED',
      () => manager.post('/clusters/fra1/link/rotate-key', {}),
    ]);
  });
});
