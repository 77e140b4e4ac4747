import { createBackendPlugin } from '@backstage/backend-plugin-api';
import { metricsServiceRef } from '@backstage/backend-plugin-api/alpha';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { metricsServiceMock } from '@backstage/backend-test-utils/alpha';
import { metrics } from '@opentelemetry/api';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { telemetry } from './telemetry';

const busy = createBackendPlugin({
  pluginId: 'busy',
  register(env) {
    env.registerInit({
      deps: {
        metrics: metricsServiceRef,
      },
      async init({ metrics: meter }) {
        meter.createCounter('busy.turns').add(3);
      },
    });
  },
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** That traces arrive is shown by the production build: what sends them can't be loaded by Jest. */
describe('telemetry of the backend', () => {
  afterEach(() => metrics.disable());

  const start = (data: object) =>
    startTestBackend({
      features: [
        telemetry,
        busy,
        metricsServiceMock.factory(),
        mockServices.rootConfig.factory({ data: { kubenova: data } }),
      ],
    });

  it('serves what plugins count to Prometheus, until the backend stops', async () => {
    const port = await freePort();
    const backend = await start({
      telemetry: { prometheus: { listen: `127.0.0.1:${port}` } },
    });
    const url = `http://127.0.0.1:${port}/metrics`;
    const text = await (await fetch(url)).text();
    expect(text).toMatch(
      /^busy_turns_total\{otel_scope_name="backstage-plugin-busy"\} 3$/m,
    );
    expect(text).toContain('service_name="kubenova-manager"');
    await backend.stop();
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  it('listens nowhere and sends nothing where nobody asked for it', async () => {
    const backend = await start({});
    expect(metrics.getMeterProvider().constructor.name).not.toBe(
      'MeterProvider',
    );
    await backend.stop();
  });

  it('says how an address has to look', async () => {
    await expect(
      start({ telemetry: { prometheus: { listen: '9464' } } }),
    ).rejects.toThrow(/has to be host:port/);
  });
});
