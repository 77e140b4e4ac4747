import type { Tenant } from '@kubenova/plugin-kubenova-common';
import { takeScreenshots } from '../../support/screenshots.ts';
import { expect, test } from '../../support/test.ts';

test('a name that cannot be a tenant is refused at its field, and nothing is made', async ({
  page,
  portal,
  api,
  consoleErrors,
}) => {
  consoleErrors.expect(/status of 4\d\d/);
  const before = await names();
  await portal.signIn(page, '/tenants');
  await page.getByRole('button', { name: 'Create tenant' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('checkbox', { name: /^fra1/ }).check({ force: true });
  for (const name of ['Not A Label', 'kube']) {
    await dialog.getByLabel('Name', { exact: true }).fill(name);
    await dialog.getByRole('button', { name: 'Create' }).click();
    await expect(dialog.getByLabel('Name', { exact: true })).toHaveAttribute(
      'aria-invalid',
      'true',
    );
  }
  await takeScreenshots(page, 'tenant-refused');
  expect(await names()).toEqual(before);

  async function names(): Promise<string[]> {
    const { items } = await api.call<{ items: Tenant[] }>(
      'GET',
      '/api/kubenova/tenants?limit=500',
    );
    return items.map(({ name }) => name);
  }
});

test('a tenant that is deleted is gone from its datacenter, and its name is free again', async ({
  api,
  datacenters,
}) => {
  const name = `gone-${Date.now().toString(36)}`;
  const { fra1 } = datacenters;
  await api.createTenant({ name, clusters: ['fra1'] });
  await expect
    .poll(async () => (await api.getTenant(name))?.placements[0].status)
    .toBe('ready');
  expect(await fra1.get('namespace', `${name}-apps`)).toBeDefined();

  await api.call('DELETE', `/api/kubenova/tenants/${name}`);

  await expect.poll(() => api.getTenant(name)).toBeUndefined();
  for (const kind of ['novatenant', 'tenant', `project.core.oam.dev`]) {
    const object = kind.startsWith('project') ? `project-${name}` : name;
    expect(await fra1.get(kind, object)).toBeUndefined();
  }
  for (const namespace of [`${name}-owner`, `${name}-apps`]) {
    expect(await fra1.get('namespace', namespace)).toBeUndefined();
  }
  await api.createTenant({ name, clusters: ['fra1'] });
});
