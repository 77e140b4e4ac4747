import type { Locator, Page } from '@playwright/test';
import type {
  Application,
  ApplicationStatus,
} from '@kubenova/plugin-kubenova-common';
import { takeScreenshots } from '../../support/screenshots.ts';
import { expect, test } from '../../support/test.ts';
import { IMAGE, PORT, storyNames } from './names.ts';

test('a user creates a tenant, deploys an application, sees it healthy, calls it and deletes it', async ({
  page,
  portal,
  api,
  datacenters,
  consoleErrors,
}) => {
  // The page asks for the application until it is told that it is gone.
  consoleErrors.expect(/status of 404/);
  const { tenant, app } = storyNames('main');
  const namespace = `${tenant}-apps`;

  await test.step('both datacenters are connected', async () => {
    await portal.signIn(page);
    for (const name of ['fra1', 'ams1']) {
      await expect(rowOf(page, name)).toContainText('Connected');
    }
  });

  await test.step('the tenant is made and becomes ready', async () => {
    await open(page, 'Tenants');
    await page.getByRole('button', { name: 'Create tenant' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill(tenant);
    await dialog.getByLabel('Display name').fill('Main Job Inc');
    await choose(dialog, 'fra1');
    await choose(dialog, 'ams1');
    await dialog.getByRole('button', { name: 'Create' }).click();
    for (const name of ['fra1', 'ams1']) {
      await expect(rowOf(page, name)).toContainText('Ready');
    }
    await takeScreenshots(page, 'tenant');
  });

  const id =
    await test.step('the application is deployed and becomes healthy without a reload', async () => {
      await page.getByRole('link', { name: 'Deploy application' }).click();
      await chooseTenant(page, tenant);
      await page.getByLabel('Name', { exact: true }).fill(app);
      await choose(page, 'fra1');
      await page.getByLabel('Image').fill(IMAGE);
      await page.getByLabel('Port').fill(String(PORT));
      await takeScreenshots(page, 'deploy-form');
      await page.getByRole('button', { name: 'Deploy', exact: true }).click();
      await expect(page.getByText('Synced').first()).toBeVisible();
      await expect(page.getByText('Healthy').first()).toBeVisible();
      await takeScreenshots(page, 'application');
      return page.url().split('/').at(-1) as string;
    });

  await test.step('it answers through its Service', async () => {
    const { fra1 } = datacenters;
    const answer = await fra1.httpGet({
      namespace,
      service: app,
      port: PORT,
      path: '/get?story=main',
    });
    expect(JSON.parse(answer).args).toEqual({ story: ['main'] });
  });

  await test.step('status API and catalog agree with the page', async () => {
    const status = await api.call<ApplicationStatus>(
      'GET',
      `/api/kubenova/users/me/apps/${id}/status`,
    );
    expect(status).toMatchObject({
      tenant,
      name: app,
      sync: 'Synced',
      health: 'Healthy',
      deployments: [{ cluster: 'fra1', health: 'Healthy', stale: false }],
    });
    expect(status.lastSyncedAt).toBeDefined();
    const entity = await api.call<{ spec: object }>(
      'GET',
      `/api/catalog/entities/by-name/component/${tenant}/${app}`,
    );
    expect(entity.spec).toMatchObject({
      type: 'kubevela-application',
      owner: `group:default/${tenant}`,
      system: `system:${tenant}/${tenant}`,
      dependsOn: ['resource:default/fra1'],
    });
  });

  await test.step('it is deleted, in the datacenter and in the portal', async () => {
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByLabel(`Type ${app} to confirm`).fill(app);
    await page.getByRole('button', { name: 'Delete application' }).click();
    await expect(
      page.getByText(`Application ${app} is deleted.`),
    ).toBeVisible();
    const { fra1 } = datacenters;
    expect(
      await fra1.get('applications.core.oam.dev', app, '-n', namespace),
    ).toBeUndefined();
    expect(await fra1.get('deployments', app, '-n', namespace)).toBeUndefined();
    const { status } = await api.request<Application>(
      'GET',
      `/api/kubenova/applications/${id}`,
    );
    expect(status).toBe(404);
    await expect
      .poll(async () => {
        const path = `/api/catalog/entities/by-name/component/${tenant}/${app}`;
        return (await api.request('GET', path)).status;
      })
      .toBe(404);
  });
});

test.describe('pages of this story', () => {
  test('applications are listed with sync and health as two columns', async ({
    page,
    portal,
  }) => {
    await portal.signIn(page, '/applications');
    await expect(
      page.getByRole('columnheader', { name: 'Sync' }),
    ).toBeVisible();
    await expect(
      page.getByRole('columnheader', { name: 'Health' }),
    ).toBeVisible();
    await takeScreenshots(page, 'applications');
  });
});

function rowOf(page: Page, name: string): Locator {
  return page.getByRole('row').filter({ hasText: name });
}

async function open(page: Page, title: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'sidebar nav' })
    .getByRole('link', { name: title })
    .click();
}

/** Ticks a checkbox, whose input lies hidden under its label. */
async function choose(scope: Page | Locator, label: string): Promise<void> {
  await scope
    .getByRole('checkbox', { name: new RegExp(`^${label}`) })
    .check({ force: true });
}

async function chooseTenant(page: Page, tenant: string): Promise<void> {
  const select = page.getByRole('button', { name: /Tenant/ });
  if (!(await select.textContent())?.includes(tenant)) {
    await select.click();
    await page.getByRole('option', { name: new RegExp(tenant) }).click();
  }
}
