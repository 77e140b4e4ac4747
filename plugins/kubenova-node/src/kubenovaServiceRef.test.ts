import {
  createBackendPlugin,
  type AuthService,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { kubenovaServiceRef, type KubenovaService } from './kubenovaServiceRef';

describe('kubenovaServiceRef', () => {
  let manager: Server;
  const seen: Array<string | undefined> = [];

  beforeAll(async () => {
    manager = createServer((req, res) => {
      seen.push(req.headers.authorization);
      res.setHeader('Content-Type', 'application/json');
      res.end(JSON.stringify({ items: [] }));
    });
    await new Promise<void>(resolve =>
      manager.listen(0, '127.0.0.1', () => resolve()),
    );
  });

  afterAll(() => new Promise(resolve => manager.close(resolve)));

  async function startPluginWithKubenova(): Promise<KubenovaService> {
    const { port } = manager.address() as AddressInfo;
    let found: KubenovaService | undefined;
    await startTestBackend({
      features: [
        createBackendPlugin({
          pluginId: 'visitor',
          register: env =>
            env.registerInit({
              deps: { kubenova: kubenovaServiceRef },
              init: async ({ kubenova }) => {
                found = kubenova;
              },
            }),
        }),
        mockServices.discovery.mock({
          getBaseUrl: async id => `http://127.0.0.1:${port}/api/${id}`,
        }).factory,
      ],
    });
    if (!found) {
      throw new Error('The plugin was not started.');
    }
    return found;
  }

  it("sends the rights of the given credentials, or the plugin's own", async () => {
    const kubenova = await startPluginWithKubenova();
    const person = mockCredentials.user('user:default/ada');

    await (await kubenova.forCredentials(person)).listClusters();
    await (await kubenova.forPlugin()).listClusters();

    const tokenFor = (
      onBehalfOf: Parameters<
        AuthService['getPluginRequestToken']
      >[0]['onBehalfOf'],
    ) =>
      mockCredentials.service.token({ onBehalfOf, targetPluginId: 'kubenova' });
    expect(seen).toEqual([
      `Bearer ${tokenFor(person)}`,
      `Bearer ${tokenFor(mockCredentials.service('plugin:visitor'))}`,
    ]);
  });
});
