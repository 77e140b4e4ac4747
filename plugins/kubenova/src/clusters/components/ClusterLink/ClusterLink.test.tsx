import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ClusterLink } from '@kubenova/plugin-kubenova-common';
import { FakeKubenovaApi } from '../../../__testUtils__/FakeKubenovaApi';
import { fill } from '../../../__testUtils__/fill';
import { clusterOf, linkOf } from '../../../__testUtils__/fixtures';
import { renderPages } from '../../../__testUtils__/renderPages';

const MIB = 1024 * 1024;

/** A fixed time, long ago: ages of it are in days. */
const THEN = '2026-11-24T06:00:00.000Z';

function open(link: Partial<ClusterLink> = {}) {
  const api = new FakeKubenovaApi({
    clusters: [clusterOf('fra1')],
    link: linkOf(link),
  });
  const { signals } = renderPages('/datacenters/fra1', { api });
  return { api, signals };
}

const section = async () =>
  within(await screen.findByRole('region', { name: 'Link' }));

/** The value of a fact, by its label. */
async function fact(label: string): Promise<HTMLElement> {
  const term = await (await section()).findByText(label, { selector: 'dt' });
  return term.nextElementSibling as HTMLElement;
}

describe('the link of a datacenter', () => {
  it('tells since when and from where it is open, and what is under way', async () => {
    open({
      openedAt: new Date(Date.now() - 3 * 60_000).toISOString(),
      journal: {
        depth: 3,
        oldestAt: THEN,
        bytes: 64 * MIB,
        budgetBytes: 256 * MIB,
      },
      outbox: { waiting: 2, oldestAt: THEN },
      lag: { lastMs: 1_250 },
      parkedEvents: 4,
    });
    expect(await fact('State')).toHaveTextContent('Connectedsince 3 min ago');
    expect(await fact('From')).toHaveTextContent('10.1.2.3');
    expect(await fact('Held by replica')).toHaveTextContent('kubenova-0/1');
    expect(await fact('Session')).toHaveTextContent('No. 7');
    expect(await fact('Lag of events')).toHaveTextContent('1.3 s');
    expect(await fact('Waiting for the operator')).toHaveTextContent(
      /^2 waiting, the oldest written/,
    );
    expect(await fact('Events set aside')).toHaveTextContent('4');
    expect(await fact('Durability')).toHaveTextContent(
      'On a standby of the database, too',
    );
    expect(await fact('Operator’s journal')).toHaveTextContent(
      /^3 waiting, the oldest seen/,
    );
    const meter = (await section()).getByRole('meter', {
      name: 'Operator’s journal',
    });
    expect(meter).toHaveAttribute('aria-valuenow', '25');
    expect(meter).toHaveAttribute('aria-valuetext', '64 MiB of 256 MiB (25 %)');
    expect((await section()).queryByRole('alert')).not.toBeInTheDocument();
  });

  it('warns where the journal is 80 % full', async () => {
    open({ journal: { depth: 1, bytes: 205 * MIB, budgetBytes: 256 * MIB } });
    expect(await fact('Operator’s journal')).toHaveTextContent('Almost full');
  });

  it('is not called connected where the operator is silent', async () => {
    open({ stale: true });
    const state = await fact('State');
    expect(state).toHaveTextContent('Silent');
    expect(state).not.toHaveTextContent('Connected');
  });

  it('says why it was closed, and lets nobody ask an operator that is not there', async () => {
    open({
      state: 'closed',
      closedAt: THEN,
      closeReason: 'Nothing was heard of the operator for too long',
    });
    expect(await fact('State')).toHaveTextContent(
      'Not connectedNothing was heard of the operator for too long',
    );
    const ping = (await section()).getByRole('button', { name: 'Ping' });
    expect(ping).toBeDisabled();
    expect(ping).toHaveAccessibleDescription(/not connected/);
  });

  it('of an operator that never came says only that', async () => {
    open({
      state: 'never_connected',
      epoch: 0,
      openedAt: undefined,
      capabilities: [],
    });
    expect(
      await (
        await section()
      ).findByText('The operator has not dialled this portal yet.'),
    ).toBeInTheDocument();
    expect((await section()).queryByText('State')).not.toBeInTheDocument();
  });

  it.each([
    ['revoked', /revoked by mistake/],
    ['bad_signature', /new join command/],
    ['unknown_operator', /new join command/],
    ['unsupported_version', /Upgrade the older one/],
    ['held_elsewhere', /operator’s log/],
  ])('says what to do about a refusal: %s', async (reason, help) => {
    open({
      refusal: {
        reason,
        message: 'It was refused',
        at: THEN,
        remoteAddress: '10.9.9.9',
      },
    });
    const banner = await (await section()).findByRole('alert');
    expect(banner).toHaveTextContent('An operator is refused');
    expect(banner).toHaveTextContent('It was refused. It asks again');
    expect(banner).toHaveTextContent('from 10.9.9.9');
    expect(banner).toHaveTextContent(help);
  });

  it('says that two operators claim it, and that nothing is acknowledged', async () => {
    open({ contestedAt: THEN, haltedAt: THEN });
    const banners = await (await section()).findAllByRole('alert');
    expect(banners.map(banner => banner.textContent)).toEqual([
      expect.stringContaining('Two operators claim this datacenter'),
      expect.stringContaining('Nothing is acknowledged since'),
    ]);
  });

  it('shows the last errors, with how often they came in a row', async () => {
    open({
      recentErrors: [
        { at: THEN, reason: 'silent', message: 'Nothing was heard', count: 3 },
        { at: THEN, reason: 'fenced', message: 'A newer session', count: 1 },
      ],
    });
    const table = await (
      await section()
    ).findByRole('grid', { name: 'Last errors' });
    const [, first] = within(table).getAllByRole('row');
    expect(first).toHaveTextContent(/silentNothing was heard3$/);
  });

  it('follows signals', async () => {
    const { api, signals } = open();
    expect(await fact('State')).toHaveTextContent('Connected');
    api.link = linkOf({ state: 'closed', closedAt: THEN, closeReason: 'Bye' });
    signals.send('clusters/fra1');
    await waitFor(async () =>
      expect(await fact('State')).toHaveTextContent('Not connectedBye'),
    );
  });

  it('that can not be read says so, and leaves the rest of the page', async () => {
    const api = new FakeKubenovaApi({ clusters: [clusterOf('fra1')] });
    api.refuse('getClusterLink', {
      status: 403,
      message: 'You need the permission kubenova.cluster.read for this.',
    });
    renderPages('/datacenters/fra1', { api });
    expect(
      await (
        await section()
      ).findByText('You need the permission kubenova.cluster.read for this.'),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('region', { name: 'Overview' }),
    ).toBeInTheDocument();
  });

  it('shows that it is being loaded', async () => {
    const api = new FakeKubenovaApi({ clusters: [clusterOf('fra1')] });
    api.getClusterLink = () => new Promise(() => {});
    renderPages('/datacenters/fra1', { api });
    expect(
      await (await section()).findByRole('status', { name: 'Loading' }),
    ).toBeInTheDocument();
  });
});

describe('questions to the operator', () => {
  it('ping shows how long the round trip took', async () => {
    open();
    await userEvent.click(
      await (await section()).findByRole('button', { name: 'Ping' }),
    );
    expect(
      await screen.findByText('The operator answered in 8.4 ms.'),
    ).toBeInTheDocument();
  });

  it('ping shows why there was no answer', async () => {
    const { api } = open();
    api.refuse('pingOperator', {
      status: 504,
      code: 'OUTCOME_UNKNOWN',
      message: 'What came of it is not known; ask again.',
    });
    await userEvent.click(
      await (await section()).findByRole('button', { name: 'Ping' }),
    );
    expect(
      await screen.findByText('What came of it is not known; ask again.'),
    ).toBeInTheDocument();
    expect(api.requests).toEqual(['fra1']); // asked once, whatever came of it
  });

  it('diagnostics shows what the operator tells, as facts and as JSON to copy', async () => {
    open();
    await userEvent.click(
      await (await section()).findByRole('button', { name: 'Diagnostics' }),
    );
    const dialog = within(await screen.findByRole('dialog'));
    expect(await dialog.findByText('24.21.0')).toBeInTheDocument();
    expect(dialog.getByText('90 MiB')).toBeInTheDocument();
    expect(
      dialog.getByText(/the network went away/, { selector: 'p' }),
    ).toBeInTheDocument();
    const json = dialog.getByRole('textbox', { name: 'As JSON' });
    expect(JSON.parse(json.textContent ?? '')).toMatchObject({
      operatorVersion: '0.1.0',
      journal: { depth: 1 },
    });
  });

  it('diagnostics shows why the operator did not tell', async () => {
    const { api } = open();
    api.refuse('diagnoseOperator', {
      status: 409,
      code: 'NOT_CONNECTED',
      message: 'The operator of fra1 is not connected.',
    });
    await userEvent.click(
      await (await section()).findByRole('button', { name: 'Diagnostics' }),
    );
    const dialog = within(await screen.findByRole('dialog'));
    expect(
      await dialog.findByText('The operator of fra1 is not connected.'),
    ).toBeInTheDocument();
  });

  it('are for operators that take them', async () => {
    open({ capabilities: [] });
    const buttons = ['Ping', 'Diagnostics', 'Rotate key'];
    for (const name of buttons) {
      const button = await (await section()).findByRole('button', { name });
      expect(button).toBeDisabled();
      expect(button).toHaveAccessibleDescription(/upgrade it first/);
    }
  });
});

describe('the key of an operator', () => {
  it('is rotated at once, and not asked for twice', async () => {
    const { api, signals } = open();
    expect(await fact('Operator’s key')).toHaveTextContent(
      'The one it joined with',
    );
    await userEvent.click(
      (await section()).getByRole('button', { name: 'Rotate key' }),
    );
    expect(
      await screen.findByText(/makes a new key as soon as it is connected/),
    ).toBeInTheDocument();
    api.link = linkOf({ rotation: { requestedAt: THEN } });
    signals.send('clusters/fra1');
    await waitFor(async () =>
      expect(await fact('Operator’s key')).toHaveTextContent(
        'A new one was asked for',
      ),
    );
    expect(
      (await section()).getByRole('button', { name: 'Rotate key' }),
    ).toHaveAccessibleDescription(/asked for already/);

    api.link = linkOf({ rotation: { requestedAt: THEN, completedAt: THEN } });
    signals.send('clusters/fra1');
    await waitFor(async () =>
      expect(await fact('Operator’s key')).toHaveTextContent('Replaced'),
    );
  });

  it('is revoked after the name was typed', async () => {
    const { api } = open();
    await userEvent.click(
      await (await section()).findByRole('button', { name: 'Revoke key' }),
    );
    const dialog = within(await screen.findByRole('dialog'));
    const confirm = dialog.getByRole('button', { name: 'Revoke key' });
    expect(confirm).toBeDisabled();
    await fill(dialog.getByLabelText('Type fra1 to confirm'), 'fra1');
    await userEvent.click(confirm);
    expect(
      await screen.findByText('The key of fra1’s operator is revoked.'),
    ).toBeInTheDocument();
    expect(api.requests).toEqual(['fra1']);
  });
});
