import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { takeScreenshots } from '../../support/screenshots.ts';
import { expect, test } from '../../support/test.ts';

const run = promisify(execFile);

test('a datacenter is added, shows the line that joins it, and is deleted again', async ({
  page,
  portal,
  api,
}) => {
  const name = `join-${Date.now().toString(36)}`;
  await portal.signIn(page);

  await test.step('it is added and waits to join', async () => {
    await page.getByRole('button', { name: 'Add datacenter' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill(name);
    await dialog.getByLabel('Datacenter', { exact: true }).fill('Lisbon');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(page.getByText('Waiting to join').first()).toBeVisible();
    expect((await api.getCluster(name))?.status).toBe('pending_bootstrap');
  });

  await test.step('one line fetches a manifest that makes the operator', async () => {
    const field = page.getByRole('textbox', { name: 'Join command' });
    await expect(field).toBeVisible();
    await takeScreenshots(page, 'datacenter-joining');
    const command = (await field.innerText()).trim();
    expect(command.split('\n')).toHaveLength(1);
    const [fetching, applying] = command.split(' | ');
    expect(applying).toBe('kubectl apply -f -');
    const { stdout: manifest } = await run('sh', ['-c', fetching]);
    const cluster = await api.getCluster(name);
    expect(manifest).toContain(String(cluster?.novaClusterId));
    expect(manifest).toContain('name: kubenova-operator');
  });

  await test.step('its name has to be typed to delete it', async () => {
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    const dialog = page.getByRole('dialog');
    const confirm = dialog.getByRole('button', { name: /^Delete/ });
    await expect(confirm).toBeDisabled();
    await dialog.getByRole('textbox').fill(name);
    await confirm.click();
    await expect.poll(() => api.getCluster(name)).toBeUndefined();
    await expect(page.getByRole('row').filter({ hasText: name })).toHaveCount(
      0,
    );
  });
});

test('a datacenter that has a tenant cannot be deleted', async ({
  api,
  datacenters,
}) => {
  const tenant = `stays-${Date.now().toString(36)}`;
  await api.createTenant({ name: tenant, clusters: ['ams1'] });
  const path = '/api/kubenova/clusters/ams1';
  const refusal = await api.request<{ error: { code: string } }>(
    'DELETE',
    path,
  );
  expect(refusal.status).toBe(409);
  expect(refusal.body.error.code).toBe('CLUSTER_NOT_EMPTY');
  expect(await api.getCluster('ams1')).toBeDefined();
  expect(
    await datacenters.ams1.get('novaclusterconfig', 'cluster'),
  ).toBeDefined();
});
