import { expect, test } from '../../support/test.ts';
import { IMAGE, PORT, storyNames } from './names.ts';

test('a deploy request survives the death of the backend before it reached the datacenter', async ({
  portal,
  api,
  datacenters,
}) => {
  test.setTimeout(300_000);
  const { tenant, app } = storyNames('crash');
  const { ams1 } = datacenters;
  const clusters = ['ams1'];
  await api.createTenant({ name: tenant, clusters });
  await expect
    .poll(async () => (await api.getTenant(tenant))?.placements[0].status)
    .toBe('ready');

  // Cut off, so that the request is certainly not applied before the backend dies.
  await ams1.cut();
  const form = { image: IMAGE, port: PORT };
  const { id } = await api.createApplication({
    tenant,
    name: app,
    clusters,
    form,
  });
  await portal.killBackend();
  await ams1.restore();
  expect(
    await ams1.get('applications.core.oam.dev', app, '-n', `${tenant}-apps`),
  ).toBeUndefined();
  await portal.startBackend();

  await expect
    .poll(
      async () => {
        const application = await api.getApplication(id);
        return [application?.sync, application?.health];
      },
      { timeout: 180_000 },
    )
    .toEqual(['Synced', 'Healthy']);
  const answer = await ams1.httpGet({
    namespace: `${tenant}-apps`,
    service: app,
    port: PORT,
    path: '/get?story=crash',
  });
  expect(JSON.parse(answer).args).toEqual({ story: ['crash'] });
});
