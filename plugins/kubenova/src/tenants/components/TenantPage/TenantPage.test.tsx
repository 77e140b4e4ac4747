import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeKubenovaApi } from '../../../__testUtils__/FakeKubenovaApi';
import { fill } from '../../../__testUtils__/fill';
import {
  applicationOf,
  clusterOf,
  placementIn,
  tenantOf,
} from '../../../__testUtils__/fixtures';
import { renderPages } from '../../../__testUtils__/renderPages';

describe('a tenant', () => {
  it('is created in the chosen datacenters, and then shown', async () => {
    const api = new FakeKubenovaApi({
      clusters: [clusterOf('ams1'), clusterOf('fra1')],
    });
    renderPages('/tenants', { api });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Create tenant' }),
    );
    const dialog = within(await screen.findByRole('dialog'));
    await fill(dialog.getByLabelText('Name'), 'acme');
    await userEvent.click(dialog.getByRole('checkbox', { name: /^fra1/ }));
    await userEvent.click(dialog.getByRole('button', { name: 'Create' }));

    const placements = await screen.findByRole('grid', { name: 'Placements' });
    expect(placements).toHaveTextContent('fra1');
    expect(placements).not.toHaveTextContent('ams1');
    expect(api.requests).toEqual([{ name: 'acme', clusters: ['fra1'] }]);
  });

  it('with applications can not be deleted, and says which they are', async () => {
    const api = new FakeKubenovaApi({
      tenants: [tenantOf('acme')],
      applications: [applicationOf('web')],
    });
    renderPages('/tenants/acme', { api });
    await screen.findByRole('link', { name: 'web' });
    const button = screen.getByRole('button', { name: 'Delete' });
    expect(button).toBeDisabled();
    expect(button).toHaveAccessibleDescription(/web/);
  });

  it('is shown as deleting until it is gone, and then as deleted', async () => {
    const api = new FakeKubenovaApi({ tenants: [tenantOf('acme')] });
    const { signals } = renderPages('/tenants/acme', { api });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Delete' }),
    );
    await fill(screen.getByLabelText('Type acme to confirm'), 'acme');
    await userEvent.click(
      screen.getByRole('button', { name: 'Delete tenant' }),
    );
    expect(await screen.findByText('Deleting…')).toBeInTheDocument();

    api.tenants = [];
    signals.send('tenants/acme');
    expect(
      await screen.findByText('Tenant acme is deleted.'),
    ).toBeInTheDocument();
  });

  it('is placed in one more datacenter', async () => {
    const api = new FakeKubenovaApi({
      clusters: [clusterOf('ams1'), clusterOf('fra1')],
      tenants: [tenantOf('acme', { placements: [placementIn('fra1')] })],
    });
    renderPages('/tenants/acme', { api });
    const add = await screen.findByRole('button', { name: 'Add placement' });
    await screen.findByText('fra1');
    await userEvent.click(add);
    await userEvent.click(await screen.findByRole('button', { name: 'Place' }));
    expect(
      await screen.findByRole('row', { name: /ams1/ }),
    ).toBeInTheDocument();
  });

  it('in a silent datacenter is not shown as ready', async () => {
    const api = new FakeKubenovaApi({
      tenants: [
        tenantOf('acme', {
          placements: [placementIn('fra1', { stale: true })],
        }),
      ],
    });
    renderPages('/tenants/acme', { api });
    expect(await screen.findByText('Ready, last known')).toBeInTheDocument();
    expect(screen.queryByText('Ready')).not.toBeInTheDocument();
  });
});
