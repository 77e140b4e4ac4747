import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { BehindEntry } from '@kubenova/plugin-kubenova-common';
import { FakeKubenovaApi } from '../../../__testUtils__/FakeKubenovaApi';
import { fill } from '../../../__testUtils__/fill';
import { clusterOf } from '../../../__testUtils__/fixtures';
import { renderPages } from '../../../__testUtils__/renderPages';

const entryOf = (key: string, more: Partial<BehindEntry> = {}) => ({
  key,
  difference: 'newer' as const,
  foundAt: '2026-11-24T06:00:00.000Z',
  operator: { generation: 9, uid: key, deleted: false, yaml: 'image: web:2\n' },
  manager: { generation: 5, uid: key, deleted: false, yaml: 'image: web:1\n' },
  adoptable: true,
  etag: `etag-of-${key}`,
  ...more,
});
const WEB = entryOf('applications/acme/web');
const GLOBEX = entryOf('tenants/globex', {
  difference: 'unknown',
  manager: undefined,
});

function show(behind: BehindEntry[], options: { denied?: string[] } = {}) {
  const api = new FakeKubenovaApi({
    clusters: [
      clusterOf('fra1', {
        conditions: [
          {
            type: 'ManagerBehind',
            status: 'True',
            reason: 'LostPast',
            message: 'Lost.',
          },
        ],
      }),
    ],
    behind,
  });
  renderPages('/datacenters/fra1', { api, ...options });
  return api;
}

const adopt = () =>
  screen.findByRole('button', { name: 'Adopt what the datacenter has' });
const overwrite = () =>
  screen.findByRole('button', { name: 'Overwrite the datacenter' });

describe('a datacenter of which the portal has lost its past', () => {
  it('says what that means and what differs', async () => {
    show([WEB, GLOBEX]);
    expect(await screen.findByRole('alert')).toHaveTextContent(
      /forgotten what it did in fra1.*nothing is sent to fra1/,
    );
    const web = within(
      await screen.findByRole('article', { name: 'applications/acme/web' }),
    );
    const diff = web.getByRole('region');
    expect(diff).toHaveAccessibleName(
      'What adopting applications/acme/web changes here',
    );
    expect(diff).toHaveTextContent('− image: web:1');
    expect(diff).toHaveTextContent('+ image: web:2');
    expect(
      screen.getByRole('article', { name: 'tenants/globex' }),
    ).toHaveTextContent('Not known here');
  });

  it('is taken over as it is, all of it at first', async () => {
    const api = show([WEB, GLOBEX]);
    await userEvent.click(await adopt());
    expect(
      await screen.findByText('2 objects of fra1 were adopted.'),
    ).toBeInTheDocument();
    expect(api.requests).toEqual([
      {
        decision: 'adopt',
        keys: [WEB, GLOBEX].map(({ key, etag }) => ({ key, etag })),
      },
    ]);
    expect(await screen.findByText('All is decided.')).toBeInTheDocument();
  });

  it('is decided about object by object', async () => {
    const api = show([WEB, GLOBEX]);
    await userEvent.click(
      await screen.findByRole('checkbox', { name: 'Decide on tenants/globex' }),
    );
    expect(screen.getByText('1 of 2 selected')).toBeInTheDocument();
    await userEvent.click(await adopt());
    await waitFor(() => expect(api.behind).toEqual([GLOBEX]));

    await userEvent.click(
      await screen.findByRole('checkbox', { name: '0 of 1 selected' }),
    );
    expect(screen.getByText('1 of 1 selected')).toBeInTheDocument();
  });

  it('is overwritten after one more question', async () => {
    const api = show([WEB]);
    await userEvent.click(await overwrite());
    const dialog = within(await screen.findByRole('dialog'));
    expect(dialog.getByText(/is lost/)).toHaveTextContent(
      'applications/acme/web',
    );
    expect(api.requests).toEqual([]);
    await userEvent.click(dialog.getByRole('button', { name: 'Overwrite' }));
    await waitFor(() =>
      expect(api.requests).toMatchObject([{ decision: 'overwrite' }]),
    );
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  });

  it('asks for its name where something would be deleted in it', async () => {
    const api = show([WEB, GLOBEX]);
    await userEvent.click(await overwrite());
    const dialog = within(await screen.findByRole('dialog'));
    expect(dialog.getByText(/deleted in the datacenter/)).toHaveTextContent(
      'tenants/globex',
    );
    const confirm = dialog.getByRole('button', { name: 'Overwrite' });
    expect(confirm).toBeDisabled();
    await fill(dialog.getByLabelText('Type fra1 to confirm'), 'fra1');
    await userEvent.click(confirm);
    await waitFor(() => expect(api.behind).toEqual([]));
  });

  it('keeps what can not be adopted out of adopting', async () => {
    show([
      WEB,
      {
        ...GLOBEX,
        adoptable: false,
        refusal: 'it is no tenant; overwrite it.',
      },
    ]);
    expect(
      await screen.findByText(
        'Can’t be adopted: it is no tenant; overwrite it.',
      ),
    ).toBeInTheDocument();
    expect(await adopt()).toBeDisabled();
    await userEvent.click(
      screen.getByRole('checkbox', { name: 'Decide on tenants/globex' }),
    );
    expect(await adopt()).toBeEnabled();
  });

  it('shows a refusal, and what there is now', async () => {
    const api = show([WEB]);
    api.refuse('decideManagerBehind', {
      status: 409,
      code: 'BEHIND_CHANGED',
      message: 'applications/acme/web changed meanwhile; look at it again.',
    });
    await userEvent.click(await adopt());
    expect(
      await screen.findByText(/changed meanwhile; look at it again/),
    ).toBeInTheDocument();
  });

  it('says so when the differences can not be loaded', async () => {
    const api = show([WEB]);
    api.refuse('getManagerBehind', { status: 403, message: 'You may not.' });
    expect(await screen.findByText('You may not.')).toBeInTheDocument();
  });

  it('is not decided about by who may not', async () => {
    show([WEB], { denied: ['kubenova.cluster.update'] });
    await waitFor(async () => expect(await adopt()).toBeDisabled());
    expect(await overwrite()).toBeDisabled();
  });
});

describe('a datacenter of which nothing was forgotten', () => {
  it('asks for no decision', async () => {
    const api = new FakeKubenovaApi({ clusters: [clusterOf('fra1')] });
    const asked = jest.spyOn(api, 'getManagerBehind');
    renderPages('/datacenters/fra1', { api });
    await screen.findByText('Overview');
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
    expect(asked).not.toHaveBeenCalled();
  });
});
