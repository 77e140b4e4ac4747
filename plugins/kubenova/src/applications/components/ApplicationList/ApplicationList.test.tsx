import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeKubenovaApi } from '../../../__testUtils__/FakeKubenovaApi';
import { applicationOf, deploymentIn } from '../../../__testUtils__/fixtures';
import { renderPages } from '../../../__testUtils__/renderPages';

const api = () =>
  new FakeKubenovaApi({
    applications: [
      applicationOf('web'),
      applicationOf('api', {
        health: 'Degraded',
        deployments: [
          deploymentIn('ams1', {
            health: 'Degraded',
            healthMessage: 'container api: CrashLoopBackOff',
          }),
        ],
      }),
      applicationOf('shop', {
        tenant: 'globex',
        sync: 'Failed',
        health: 'Unknown',
      }),
    ],
  });

describe('the list of applications', () => {
  it('shows sync and health as two things, with the reason', async () => {
    renderPages('/applications', { api: api() });
    const row = await screen.findByRole('row', { name: /api/ });
    expect(row).toHaveTextContent('Synced');
    expect(row).toHaveTextContent('Degraded');
    expect(row).toHaveTextContent('container api: CrashLoopBackOff');
    const shop = screen.getByRole('row', { name: /shop/ });
    expect(shop).toHaveTextContent('Failed');
    expect(shop).toHaveTextContent('Unknown');
  });

  it('is narrowed down by the filters in its address', async () => {
    renderPages('/applications?tenant=acme&health=Degraded', { api: api() });
    expect(await screen.findByRole('row', { name: /api/ })).toBeInTheDocument();
    expect(screen.queryByRole('row', { name: /web/ })).not.toBeInTheDocument();
    expect(screen.queryByRole('row', { name: /shop/ })).not.toBeInTheDocument();
  });

  it('says that filters hide everything, and shows it when they are cleared', async () => {
    renderPages('/applications?tenant=globex&health=Healthy', { api: api() });
    expect(
      await screen.findByText('No application fits these filters'),
    ).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('button', { name: 'Clear filters' }),
    );
    expect(await screen.findByRole('row', { name: /web/ })).toBeInTheDocument();
  });

  it('does not call an application healthy whose datacenter is silent', async () => {
    renderPages('/applications', {
      api: new FakeKubenovaApi({
        applications: [
          applicationOf('web', {
            deployments: [deploymentIn('fra1', { stale: true })],
          }),
        ],
      }),
    });
    const row = await screen.findByRole('row', { name: /web/ });
    expect(row).toHaveTextContent('Healthy, last known');
    expect(row).toHaveTextContent('No word from fra1');
  });
});
