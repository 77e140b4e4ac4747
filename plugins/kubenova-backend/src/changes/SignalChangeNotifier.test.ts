import { mockServices } from '@backstage/backend-test-utils';
import type { EventParams } from '@backstage/plugin-events-node';
import type { SignalPayload } from '@backstage/plugin-signals-node';
import { SignalChangeNotifier } from './SignalChangeNotifier';

const FRA1 = { kind: 'cluster', name: 'fra1' } as const;
const ACME = { kind: 'tenant', name: 'acme' } as const;

function notifierTo(recipients: () => Promise<string[]>) {
  const events: EventParams[] = [];
  const signals: SignalPayload[] = [];
  const logger = mockServices.logger.mock();
  const notifier = new SignalChangeNotifier({
    events: {
      publish: async event => void events.push(event),
      subscribe: async () => {},
    },
    logger,
    recipients,
    signals: {
      publish: async signal =>
        void signals.push(signal as unknown as SignalPayload),
    },
  });
  return { notifier, events, signals, logger };
}

describe('SignalChangeNotifier', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('tells a lone change at once, and what follows within 500 ms together', async () => {
    const { notifier, signals, events } = notifierTo(async () => ['user:a/b']);
    notifier.changed([FRA1]);
    await jest.advanceTimersByTimeAsync(0);
    expect(signals).toEqual([
      {
        channel: 'kubenova:changes',
        recipients: { type: 'user', entityRef: ['user:a/b'] },
        message: { keys: ['clusters/fra1'] },
      },
    ]);
    expect(events).toEqual([
      { topic: 'kubenova.changed', eventPayload: { refs: [FRA1] } },
    ]);

    notifier.changed([FRA1]);
    notifier.changed([
      ACME,
      FRA1,
      { kind: 'application', id: '1', tenant: 'acme', name: 'web' },
      { kind: 'usage', tenant: 'acme' },
    ]);
    await jest.advanceTimersByTimeAsync(499);
    expect(signals).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(signals[1].message).toEqual({
      keys: ['clusters/fra1', 'tenants/acme', 'applications/1', 'usage/acme'],
    });
    await notifier.stop();
  });

  it('says nothing while nothing changes', async () => {
    const { notifier, signals } = notifierTo(async () => ['user:a/b']);
    notifier.changed([FRA1]);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(signals).toHaveLength(1);
    await notifier.stop();
    expect(signals).toHaveLength(1);
  });

  it('sends no signal to nobody, but still the event', async () => {
    const { notifier, signals, events } = notifierTo(async () => []);
    notifier.changed([FRA1]);
    await jest.advanceTimersByTimeAsync(0);
    expect(signals).toEqual([]);
    expect(events).toHaveLength(1);
    await notifier.stop();
  });

  it('sends what waits when it is stopped, and leaves no timer', async () => {
    const { notifier, signals } = notifierTo(async () => ['user:a/b']);
    notifier.changed([FRA1]);
    notifier.changed([ACME]);
    await notifier.stop();
    expect(signals.map(({ message }) => message)).toEqual([
      { keys: ['clusters/fra1'] },
      { keys: ['tenants/acme'] },
    ]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('goes on after a failure', async () => {
    let isDown = true;
    const { notifier, signals, logger } = notifierTo(async () => {
      if (isDown) {
        throw new Error('no database');
      }
      return ['user:a/b'];
    });
    notifier.changed([FRA1]);
    await jest.advanceTimersByTimeAsync(500);
    expect(logger.warn).toHaveBeenCalled();
    isDown = false;
    notifier.changed([ACME]);
    await jest.advanceTimersByTimeAsync(500);
    expect(signals.map(({ message }) => message)).toEqual([
      { keys: ['tenants/acme'] },
    ]);
    await notifier.stop();
  });
});
