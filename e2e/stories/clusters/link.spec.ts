import { takeScreenshots } from '../../support/screenshots.ts';
import { expect, test } from '../../support/test.ts';

test('a datacenter’s page tells how its link is, and its operator answers', async ({
  page,
  portal,
}) => {
  await portal.signIn(page, '/datacenters/fra1');
  const link = page.getByRole('region', { name: 'Link', exact: true });
  await expect(link).toContainText('Connected');
  await expect(link).toContainText('Held by replica');
  await expect(
    link.getByRole('meter', { name: 'Operator’s journal' }),
  ).toBeVisible();
  await takeScreenshots(page, 'link');

  await link.getByRole('button', { name: 'Ping' }).click();
  await expect(
    page.getByText(/The operator answered in [\d.]+ ms\./),
  ).toBeVisible();

  await link.getByRole('button', { name: 'Diagnostics' }).click();
  const dialog = page.getByRole('dialog');
  const json = dialog.getByRole('textbox', { name: 'As JSON' });
  await expect(json).toContainText('"operatorVersion"');
  const told = JSON.parse((await json.textContent()) ?? '');
  expect(told).toMatchObject({
    operatorVersion: expect.stringMatching(/^\d+\.\d+\.\d+/),
    kubernetesVersion: expect.stringMatching(/^v\d+\./),
    nodeVersion: expect.stringMatching(/^24\./),
    leaseHolder: expect.any(String),
  });
  await expect(dialog).toContainText(told.operatorVersion);
  await takeScreenshots(page, 'link-diagnostics');
});
