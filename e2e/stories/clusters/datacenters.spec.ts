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

test('a datacenter’s page tells what is installed, as the datacenter itself does', async ({
  page,
  portal,
  datacenters,
}) => {
  const config = await datacenters.fra1.get('novaclusterconfig', 'cluster');
  expect(config?.status?.phase).toBe('Ready');
  const releases = await datacenters.fra1.kubectl(
    ...[
      'get',
      'secrets',
      '--all-namespaces',
      '-l',
      'owner=helm,status=deployed',
    ],
    ...['-o', 'jsonpath={.items[*].metadata.labels.name}'],
  );

  await portal.signIn(page, '/datacenters/fra1');
  for (const component of ['capsule', 'capsule-proxy', 'kubevela']) {
    expect(releases.split(' ')).toContain(component);
    const row = page
      .getByRole('row')
      .filter({ has: page.getByText(component, { exact: true }) });
    await expect(row.first()).toContainText('Ready');
  }
  await takeScreenshots(page, 'datacenter');
});
