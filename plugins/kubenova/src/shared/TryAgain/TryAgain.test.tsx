import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeKubenovaApi } from '../../__testUtils__/FakeKubenovaApi';
import {
  applicationOf,
  deploymentIn,
  placementIn,
  synced,
  tenantOf,
} from '../../__testUtils__/fixtures';
import { renderPages } from '../../__testUtils__/renderPages';

const failed = { ...synced, state: 'Failed' as const, message: 'Refused.' };

function showApplication(options: { denied?: string[] } = {}) {
  const api = new FakeKubenovaApi({
    applications: [
      applicationOf('web', {
        deployments: [
          deploymentIn('ams1'),
          deploymentIn('fra1', { sync: failed }),
        ],
      }),
    ],
  });
  renderPages('/applications/id-of-web', { api, ...options });
  return api;
}

const button = () => screen.findByRole('button', { name: 'Try again in fra1' });

describe('trying again', () => {
  it('is offered where a deployment failed, and there only', async () => {
    showApplication();
    const fra1 = await screen.findByRole('region', {
      name: 'Deployment in fra1',
    });
    expect(
      within(fra1).getByRole('button', { name: 'Try again in fra1' }),
    ).toBeEnabled();
    expect(
      screen.queryByRole('button', { name: 'Try again in ams1' }),
    ).not.toBeInTheDocument();
  });

  it('has the same thing sent once more', async () => {
    const api = showApplication();
    await userEvent.click(await button());
    expect(
      await screen.findByText('It is sent to fra1 once more.'),
    ).toBeInTheDocument();
    expect(api.requests).toEqual([
      { name: 'fra1', key: 'applications/acme/web' },
    ]);
  });

  it('says why it was refused', async () => {
    const api = showApplication();
    api.refuse('retryDesiredState', {
      status: 409,
      code: 'NOT_RETRYABLE',
      message: 'It has not failed.',
    });
    await userEvent.click(await button());
    expect(await screen.findByText('It has not failed.')).toBeInTheDocument();
  });

  it('is not for who may not change the datacenter', async () => {
    showApplication({ denied: ['kubenova.cluster.update'] });
    await waitFor(async () => expect(await button()).toBeDisabled());
  });

  it('is offered where a placement failed', async () => {
    const api = new FakeKubenovaApi({
      tenants: [
        tenantOf('acme', {
          placements: [placementIn('fra1', { sync: failed })],
        }),
      ],
    });
    renderPages('/tenants/acme', { api });
    await userEvent.click(await button());
    await waitFor(() =>
      expect(api.requests).toEqual([{ name: 'fra1', key: 'tenants/acme' }]),
    );
  });
});
