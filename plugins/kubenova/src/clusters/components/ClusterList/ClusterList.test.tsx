import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeKubenovaApi } from '../../../__testUtils__/FakeKubenovaApi';
import {
  clusterOf,
  placementIn,
  tenantOf,
} from '../../../__testUtils__/fixtures';
import { renderPages } from '../../../__testUtils__/renderPages';

async function rowOf(name: string) {
  return screen.findByRole('row', { name: new RegExp(name) });
}

describe('the list of datacenters', () => {
  it('shows a silent datacenter as stale, and no other', async () => {
    const api = new FakeKubenovaApi({
      clusters: [
        clusterOf('ams1'),
        clusterOf('fra1', {
          stale: true,
          lastSeenAt: new Date(Date.now() - 3 * 60_000).toISOString(),
        }),
      ],
    });
    renderPages('/datacenters', { api });
    const fra1 = await rowOf('fra1');
    expect(fra1).toHaveTextContent('Stale');
    expect(fra1).toHaveTextContent('last seen 3 min ago');
    expect(fra1).not.toHaveTextContent('Connected');
    expect(await rowOf('ams1')).toHaveTextContent('Connected');
  });

  it('shows what a datacenter that has not joined yet waits for', async () => {
    const api = new FakeKubenovaApi({
      clusters: [
        clusterOf('fra1', {
          status: 'pending_bootstrap',
          lastSeenAt: undefined,
          progress: { message: 'Building kubelet (3 of 18)', percent: 17 },
        }),
      ],
    });
    renderPages('/datacenters', { api });
    const row = await rowOf('fra1');
    expect(row).toHaveTextContent('Waiting to join');
    expect(row).toHaveTextContent('Building kubelet (3 of 18)');
    expect(within(row).getByRole('progressbar')).toHaveAttribute(
      'aria-valuenow',
      '17',
    );
  });

  it('names the tenants that are placed in each', async () => {
    const api = new FakeKubenovaApi({
      clusters: [clusterOf('ams1'), clusterOf('fra1')],
      tenants: [tenantOf('acme', { placements: [placementIn('fra1')] })],
    });
    renderPages('/datacenters', { api });
    await screen.findByText('acme');
    expect(await rowOf('fra1')).toHaveTextContent('acme');
    expect(await rowOf('ams1')).toHaveTextContent('None');
  });

  it('says what to do when there is none', async () => {
    renderPages('/datacenters', { api: new FakeKubenovaApi() });
    expect(await screen.findByText('No datacenter yet')).toBeInTheDocument();
    expect(
      screen.getByRole('button', { name: 'Add datacenter' }),
    ).toBeEnabled();
  });

  it('says why it could not be loaded, and loads it when asked again', async () => {
    const api = new FakeKubenovaApi({ clusters: [clusterOf('fra1')] });
    api.refuse('listClusters', { status: 403, message: 'You may not look.' });
    renderPages('/datacenters', { api });
    expect(await screen.findByText('You may not look.')).toBeInTheDocument();
    api.allow('listClusters');
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await rowOf('fra1')).toBeInTheDocument();
  });

  it('shows a change as soon as the Manager says that there is one', async () => {
    const api = new FakeKubenovaApi({
      clusters: [clusterOf('fra1', { status: 'bootstrapping' })],
    });
    const { signals } = renderPages('/datacenters', { api });
    expect(await rowOf('fra1')).toHaveTextContent('Bootstrapping');
    api.clusters = [clusterOf('fra1')];
    signals.send('clusters/fra1');
    expect(await screen.findByText('Connected')).toBeInTheDocument();
  });
});
