import { screen } from '@testing-library/react';
import { FakeKubenovaApi } from '../../../__testUtils__/FakeKubenovaApi';
import { seriesOf } from '../../../__testUtils__/usageFixtures';
import { renderPages } from '../../../__testUtils__/renderPages';

const START = '2026-11-24T00:00:00.000Z';

describe('the usage page', () => {
  it('shows hours without data unlike zero', async () => {
    const api = new FakeKubenovaApi({
      usage: {
        from: '',
        to: '',
        series: [
          seriesOf(
            'acme',
            'fra1',
            START,
            [{ cpu: '1.5' }, 'nothing', 'nothing', { cpu: '1', minutes: 20 }],
            '2.5',
          ),
          seriesOf('globex', 'ams1', START, ['nothing'], '0'),
          seriesOf('initech', 'ams1', START, [{ cpu: '0' }], '0'),
        ],
      },
    });
    renderPages('/usage', { api });
    const acme = await screen.findByRole('row', { name: /acme/ });
    expect(acme).toHaveTextContent('2.500');
    expect(acme).toHaveTextContent('no data Nov 24 01:00–03:00, fra1');
    expect(acme).toHaveTextContent('partly seen: 1 h, fra1');
    expect(screen.getByRole('row', { name: /globex/ })).toHaveTextContent('—');
    const initech = screen.getByRole('row', { name: /initech/ });
    expect(initech).toHaveTextContent('0.000');
    expect(initech).toHaveTextContent('Complete');
    expect(screen.getByRole('row', { name: /Total/ })).toHaveTextContent(
      '2.500',
    );
  });

  it('says why there is nothing yet', async () => {
    renderPages('/usage', { api: new FakeKubenovaApi() });
    expect(
      await screen.findByText('No usage in this range'),
    ).toBeInTheDocument();
  });
});
