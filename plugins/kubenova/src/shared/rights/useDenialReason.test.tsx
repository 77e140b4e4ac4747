import { screen, waitFor } from '@testing-library/react';
import { FakeKubenovaApi } from '../../__testUtils__/FakeKubenovaApi';
import { clusterOf } from '../../__testUtils__/fixtures';
import { renderPages } from '../../__testUtils__/renderPages';

// In a file of its own: answers about permissions are cached for the whole of
// a file, and other tests are allowed everything.
describe('a user without a right', () => {
  it('is told at the button why it can not be used', async () => {
    renderPages('/datacenters', {
      api: new FakeKubenovaApi({ clusters: [clusterOf('fra1')] }),
      denied: ['kubenova.cluster.create'],
    });
    const button = await screen.findByRole('button', {
      name: 'Add datacenter',
    });
    await waitFor(() => expect(button).toBeDisabled());
    expect(button).toHaveAccessibleDescription(/Ask your platform/);
  });
});
