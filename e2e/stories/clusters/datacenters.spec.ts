import { takeScreenshots } from '../../support/screenshots.ts';
import { expect, test } from '../../support/test.ts';

test('a guest signs in and sees both datacenters connected', async ({
  page,
  portal,
}) => {
  await portal.signIn(page);
  await expect(
    page.getByRole('heading', { name: 'Datacenters' }).first(),
  ).toBeVisible();
  for (const name of ['fra1', 'ams1']) {
    const row = page.getByRole('row', { name: new RegExp(name) });
    await expect(row).toContainText('Connected');
  }
  await takeScreenshots(page, 'datacenters');
});
