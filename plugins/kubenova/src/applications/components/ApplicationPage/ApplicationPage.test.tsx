import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeKubenovaApi } from '../../../__testUtils__/FakeKubenovaApi';
import { fill } from '../../../__testUtils__/fill';
import {
  applicationOf,
  deploymentIn,
  synced,
} from '../../../__testUtils__/fixtures';
import { renderPages } from '../../../__testUtils__/renderPages';

const PATH = '/applications/id-of-web';

describe('an application', () => {
  it('becomes healthy on the page when the Manager says that it changed', async () => {
    const api = new FakeKubenovaApi({
      applications: [
        applicationOf('web', {
          sync: 'Pending',
          health: 'Progressing',
          deployments: [
            deploymentIn('fra1', {
              sync: { ...synced, state: 'Pending' },
              health: 'Progressing',
            }),
          ],
        }),
      ],
    });
    const { signals } = renderPages(PATH, { api });
    const overview = within(
      await screen.findByRole('region', { name: 'Overview' }),
    );
    expect(overview.getByText('Pending')).toBeInTheDocument();
    expect(overview.getByText('Progressing')).toBeInTheDocument();

    api.applications = [applicationOf('web')];
    signals.send('applications/id-of-web');
    expect(await overview.findByText('Healthy')).toBeInTheDocument();
    expect(overview.getByText('Synced')).toBeInTheDocument();
  });

  it('shows each datacenter by itself, and which one is silent', async () => {
    const api = new FakeKubenovaApi({
      applications: [
        applicationOf('web', {
          deployments: [
            deploymentIn('ams1'),
            deploymentIn('fra1', { stale: true }),
          ],
        }),
      ],
    });
    renderPages(PATH, { api });
    const ams1 = await screen.findByRole('region', {
      name: 'Deployment in ams1',
    });
    expect(within(ams1).getByText('Healthy')).toBeInTheDocument();
    const fra1 = screen.getByRole('region', { name: 'Deployment in fra1' });
    expect(within(fra1).getByText('Healthy, last known')).toBeInTheDocument();
    expect(fra1).toHaveTextContent('No word from the operator of fra1');
  });

  it('is shown as deleting until it is gone, and then as deleted', async () => {
    const api = new FakeKubenovaApi({ applications: [applicationOf('web')] });
    const { signals } = renderPages(PATH, { api });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Delete' }),
    );
    await fill(screen.getByLabelText('Type web to confirm'), 'web');
    await userEvent.click(
      screen.getByRole('button', { name: 'Delete application' }),
    );
    expect(await screen.findByText(/web is being deleted/)).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Edit' })).toBeDisabled();

    api.applications = [];
    signals.send('applications/id-of-web');
    expect(
      await screen.findByText('Application web is deleted.'),
    ).toBeInTheDocument();
  });
});
