import type { Application, Cluster } from '@kubenova/plugin-kubenova-common';
import { takeScreenshots } from '../../support/screenshots.ts';
import { expect, test } from '../../support/test.ts';
import { IMAGE, PORT, storyNames } from './names.ts';

const CUT_MS = 60_000;

test('a datacenter that is cut off for a minute shows as stale, runs on, and is right again afterwards', async ({
  page,
  portal,
  api,
  datacenters,
}) => {
  test.setTimeout(420_000);
  const { tenant, app } = storyNames('cut');
  const { fra1 } = datacenters;
  const clusters = ['fra1'];
  const form = { image: IMAGE, port: PORT, replicas: 1 };
  await api.createTenant({ name: tenant, clusters });
  const { id } = await api.createApplication({
    tenant,
    name: app,
    clusters,
    form,
  });
  await expect.poll(() => axesOf(id)).toEqual(['Synced', 'Healthy', false]);
  await portal.signIn(page, `/applications/${id}`);
  await expect(
    page.getByText('Healthy', { exact: true }).first(),
  ).toBeVisible();

  await fra1.cut();
  const path = `/api/kubenova/applications/${id}`;
  await api.call('PUT', path, { form: { ...form, replicas: 2 } });

  await test.step('the portal says stale, since when, and calls nothing healthy', async () => {
    await expect(
      page.getByText('No word from the operator of fra1').first(),
    ).toBeVisible();
    await expect(page.getByText(/, last known$/).first()).toBeVisible();
    await expect(page.getByText('Healthy', { exact: true })).toHaveCount(0);
    await takeScreenshots(page, 'application-stale');
    await page.goto(`${portal.url}/datacenters`);
    const row = page.getByRole('row').filter({ hasText: 'fra1' });
    await expect(row).toContainText('Stale');
    await expect(row).toContainText(/last seen/i);
    const other = page.getByRole('row').filter({ hasText: 'ams1' });
    await expect(other).toContainText('Connected');
    await takeScreenshots(page, 'datacenters-stale');
  });

  await test.step('the cut lasts for a minute, and workloads do not mind', async () => {
    await expect
      .poll(async () => silentMs('fra1'), { timeout: 2 * CUT_MS })
      .toBeGreaterThanOrEqual(CUT_MS);
    expect(await readyReplicas()).toBe(1);
  });

  await fra1.restore();

  await test.step('the change arrives, and portal and datacenter agree', async () => {
    await expect
      .poll(() => axesOf(id), { timeout: 180_000 })
      .toEqual(['Synced', 'Healthy', false]);
    await expect.poll(readyReplicas).toBe(2);
    await page.goto(`${portal.url}/applications/${id}`);
    await expect(
      page.getByText('Healthy', { exact: true }).first(),
    ).toBeVisible();
    await expect(page.getByText('No word from the operator')).toHaveCount(0);
  });

  /** Sync, health, and whether this is only the last that is known. */
  async function axesOf(applicationId: string) {
    const application = await api.getApplication(applicationId);
    return [application?.sync, application?.health, isStale(application)];
  }

  async function silentMs(cluster: string): Promise<number> {
    const { lastSeenAt } = (await api.getCluster(cluster)) as Cluster;
    return Date.now() - Date.parse(String(lastSeenAt));
  }

  async function readyReplicas(): Promise<number> {
    const namespace = `${tenant}-apps`;
    const field = '{.status.readyReplicas}';
    const found = await fra1.kubectlInside(
      ...['get', 'deployment', app, '-n', namespace, '-o', `jsonpath=${field}`],
    );
    return Number(found || '0');
  }
});

function isStale(application: Application | undefined): boolean | undefined {
  return application?.deployments.some(({ stale }) => stale);
}
