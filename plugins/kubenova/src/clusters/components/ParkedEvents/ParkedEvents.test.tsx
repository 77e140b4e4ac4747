import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  ParkedEvent,
  ParkedEventList,
} from '@kubenova/plugin-kubenova-common';
import { FakeKubenovaApi } from '../../../__testUtils__/FakeKubenovaApi';
import { clusterOf } from '../../../__testUtils__/fixtures';
import { renderPages } from '../../../__testUtils__/renderPages';

const eventOf = (seq: number, more: Partial<ParkedEvent> = {}) => ({
  id: `journal/${seq}`,
  key: `status/tenants/t${seq}`,
  code: '22021',
  error: 'invalid byte sequence',
  observedAt: '2026-11-24T05:00:00.000Z',
  parkedAt: '2026-11-24T06:00:00.000Z',
  ...more,
});
const UNREADABLE = eventOf(2, { code: 'UNREADABLE', error: 'phase: Dancing' });

function show(parked: ParkedEventList, options: { denied?: string[] } = {}) {
  const api = new FakeKubenovaApi({ clusters: [clusterOf('fra1')], parked });
  renderPages('/datacenters/fra1', { api, ...options });
  return api;
}

const TITLE = 'Events that could not be written';
const replay = () => screen.findByRole('button', { name: 'Replay' });

describe('events that a datacenter told and the portal could not write', () => {
  it('are listed with what they are about and what was wrong', async () => {
    show({ items: [eventOf(1), UNREADABLE] });
    const table = within(await screen.findByRole('grid', { name: TITLE }));
    const row = table.getByRole('row', { name: /status\/tenants\/t2/ });
    expect(row).toHaveTextContent('UNREADABLE: phase: Dancing');
    expect(table.getAllByRole('row')).toHaveLength(3);
  });

  it('are not talked of where there are none', async () => {
    show({ items: [] });
    await screen.findByText('Overview');
    expect(screen.queryByText(TITLE)).not.toBeInTheDocument();
  });

  it('are gone once a replay has written them', async () => {
    const api = show({ items: [eventOf(1)] });
    await userEvent.click(await replay());
    expect(
      await screen.findByText('1 events of fra1 were written.'),
    ).toBeInTheDocument();
    expect(api.requests).toEqual([{ ids: undefined }]);
    await waitFor(() =>
      expect(screen.queryByText(TITLE)).not.toBeInTheDocument(),
    );
  });

  it('stay where a replay could not write them, and it says so', async () => {
    show({ items: [eventOf(1), UNREADABLE] });
    await userEvent.click(await replay());
    expect(
      await screen.findByText('1 events of fra1 still can’t be written.'),
    ).toBeInTheDocument();
    expect(await screen.findByText(/Dancing/)).toBeInTheDocument();
    await waitFor(() =>
      expect(screen.queryByText(/byte sequence/)).not.toBeInTheDocument(),
    );
  });

  it('show why a replay was refused', async () => {
    const api = show({ items: [eventOf(1)] });
    api.refuse('replayParkedEvents', { status: 503, message: 'Try later.' });
    await userEvent.click(await replay());
    expect(await screen.findByText('Try later.')).toBeInTheDocument();
  });

  it('say that there are more than are shown', async () => {
    show({ items: [eventOf(1)], nextCursor: 'x' });
    expect(await screen.findByText(/the first 1/)).toBeInTheDocument();
  });

  it('raise an alarm where so many come that none is acknowledged', async () => {
    show({ items: [], haltedAt: '2026-11-24T06:00:00.000Z' });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      /events of fra1 are not acknowledged.*tried again by themselves/,
    );
    expect(screen.queryByText(TITLE)).not.toBeInTheDocument();
  });

  it('are not replayed by who may not', async () => {
    show({ items: [eventOf(1)] }, { denied: ['kubenova.cluster.update'] });
    await waitFor(async () => expect(await replay()).toBeDisabled());
  });
});
