import { screen, waitFor, within } from '@testing-library/react';
import { FakeKubenovaApi } from '../../../__testUtils__/FakeKubenovaApi';
import { clusterOf } from '../../../__testUtils__/fixtures';
import { renderPages } from '../../../__testUtils__/renderPages';

// In a file of its own, because decisions about rights are kept between the tests of one.
describe('questions to the operator and its key', () => {
  it('are for those who may change the datacenter', async () => {
    renderPages('/datacenters/fra1', {
      api: new FakeKubenovaApi({ clusters: [clusterOf('fra1')] }),
      denied: ['kubenova.cluster.update'],
    });
    const link = within(await screen.findByRole('region', { name: 'Link' }));
    for (const name of ['Ping', 'Diagnostics', 'Rotate key', 'Revoke key']) {
      const button = await link.findByRole('button', { name });
      await waitFor(() => expect(button).toBeDisabled());
      expect(button).toHaveAccessibleDescription(/You may not do this/);
    }
  });
});
