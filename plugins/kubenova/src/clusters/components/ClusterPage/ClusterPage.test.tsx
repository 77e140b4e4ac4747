import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeKubenovaApi } from '../../../__testUtils__/FakeKubenovaApi';
import { fill } from '../../../__testUtils__/fill';
import {
  clusterOf,
  placementIn,
  tenantOf,
} from '../../../__testUtils__/fixtures';
import { renderPages } from '../../../__testUtils__/renderPages';

async function addDatacenter(name: string) {
  await userEvent.click(
    await screen.findByRole('button', { name: 'Add datacenter' }),
  );
  const dialog = within(await screen.findByRole('dialog'));
  await fill(dialog.getByLabelText('Name'), name);
  await fill(dialog.getByLabelText('Datacenter'), 'Frankfurt');
  await userEvent.click(dialog.getByRole('button', { name: 'Add' }));
  return dialog;
}

describe('adding a datacenter', () => {
  it('shows the line that joins it, and follows it until it is connected', async () => {
    const api = new FakeKubenovaApi();
    const { signals } = renderPages('/datacenters', { api });
    await addDatacenter('fra1');

    expect(
      await screen.findByRole('textbox', { name: 'Join command' }),
    ).toHaveTextContent('kubectl apply -f -');
    const steps = () => screen.getByRole('list', { name: 'Progress' });
    expect(steps()).toHaveTextContent('Operator connectedwaiting');

    api.clusters = [
      clusterOf('fra1', {
        status: 'bootstrapping',
        components: [
          { name: 'capsule', phase: 'Ready' },
          {
            name: 'kubevela',
            phase: 'Installing',
            message: 'waiting for its webhook',
          },
        ],
      }),
    ];
    signals.send('clusters/fra1');
    expect(
      await screen.findByText('waiting for its webhook', { selector: 'ol *' }),
    ).toBeInTheDocument();
    expect(steps()).toHaveTextContent('Operator connecteddone');
    expect(steps()).toHaveTextContent('CapsuleReady');

    api.clusters = [clusterOf('fra1')];
    signals.send('clusters/fra1');
    expect(await screen.findByText('Connected')).toBeInTheDocument();
  });

  it('puts a refusal at the field that it is about', async () => {
    const api = new FakeKubenovaApi();
    api.refuse('createCluster', {
      status: 409,
      code: 'NAME_TAKEN',
      message: 'There is a cluster named fra1: choose another name.',
    });
    renderPages('/datacenters', { api });
    const dialog = await addDatacenter('fra1');
    expect(
      await dialog.findByText(
        'There is a cluster named fra1: choose another name.',
      ),
    ).toBeInTheDocument();
    const name = dialog.getByLabelText('Name');
    expect(name).toHaveAttribute('aria-invalid', 'true');
    expect(name).toHaveAccessibleDescription(/choose another name/);
  });

  it('asks the Manager nothing for a name that no Manager takes', async () => {
    const api = new FakeKubenovaApi();
    renderPages('/datacenters', { api });
    const dialog = await addDatacenter('Not A Label');
    expect(dialog.getByLabelText('Name')).toHaveAttribute(
      'aria-invalid',
      'true',
    );
    expect(api.requests).toEqual([]);
  });
});

describe('a datacenter', () => {
  it('can not be deleted while a tenant is placed in it', async () => {
    const api = new FakeKubenovaApi({
      clusters: [clusterOf('fra1')],
      tenants: [tenantOf('acme', { placements: [placementIn('fra1')] })],
    });
    renderPages('/datacenters/fra1', { api });
    await screen.findByRole('link', { name: 'acme' });
    const button = screen.getByRole('button', { name: 'Delete' });
    expect(button).toBeDisabled();
    expect(button).toHaveAccessibleDescription(/Tenants are placed here/);
  });

  it('is deleted after its name was typed', async () => {
    const api = new FakeKubenovaApi({ clusters: [clusterOf('fra1')] });
    renderPages('/datacenters/fra1', { api });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Delete' }),
    );
    const confirm = screen.getByRole('button', { name: 'Delete datacenter' });
    expect(confirm).toBeDisabled();
    await fill(screen.getByLabelText('Type fra1 to confirm'), 'fra1');
    await userEvent.click(confirm);
    expect(await screen.findByText('No datacenter yet')).toBeInTheDocument();
    expect(api.clusters).toEqual([]);
  });

  it('is not asked for again once it is being deleted', async () => {
    const api = new FakeKubenovaApi({ clusters: [clusterOf('fra1')] });
    const { signals } = renderPages('/datacenters/fra1', { api });
    const confirm = () =>
      screen.getByRole('button', { name: /Delete datacenter/ });
    const deleteCluster = api.deleteCluster.bind(api);
    api.deleteCluster = async name => {
      // The page shows that the request is on its way before the signal comes.
      await waitFor(() => expect(confirm()).toHaveAttribute('aria-disabled'));
      await deleteCluster(name);
      signals.send('clusters/fra1');
    };
    await userEvent.click(
      await screen.findByRole('button', { name: 'Delete' }),
    );
    const asked = [
      jest.spyOn(api, 'getCluster'),
      jest.spyOn(api, 'getClusterLink'),
      jest.spyOn(api, 'listParkedEvents'),
    ];
    await fill(screen.getByLabelText('Type fra1 to confirm'), 'fra1');
    await userEvent.click(confirm());
    expect(await screen.findByText('No datacenter yet')).toBeInTheDocument();
    for (const question of asked) {
      expect(question).not.toHaveBeenCalled();
    }
  });

  it('that does not exist says so', async () => {
    renderPages('/datacenters/nope', { api: new FakeKubenovaApi() });
    expect(
      await screen.findByText(/This datacenter is not registered/),
    ).toBeInTheDocument();
  });
});
