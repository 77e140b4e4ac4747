import { readFileSync } from 'node:fs';
import { expect, test as base } from '@playwright/test';
import { PortalApi } from '@kubenova/local/seed';
import { ConsoleErrors } from './ConsoleErrors.ts';
import { Datacenter, type DatacenterFacts } from './Datacenter.ts';
import { Portal, type PortalFacts } from './Portal.ts';

/** Written by the harness that started what is under test; KUBENOVA_E2E names the file. */
type Facts = PortalFacts & { datacenters: DatacenterFacts[] };

export type Datacenters = { fra1: Datacenter; ams1: Datacenter };

type TestFixtures = {
  /** The pages' complaints; any that a story did not expect fails it. */
  consoleErrors: ConsoleErrors;
};

type WorkerFixtures = {
  facts: Facts;
  portal: Portal;
  /** The portal's API, signed in as guest. */
  api: PortalApi;
  /** Two datacenters that have joined. Whatever a story does to their network is undone after it. */
  datacenters: Datacenters;
};

export const test = base.extend<
  TestFixtures & { network: void },
  WorkerFixtures
>({
  facts: [async ({}, use) => use(readFacts()), { scope: 'worker' }],
  portal: [
    async ({ facts }, use) => use(new Portal(facts)),
    { scope: 'worker' },
  ],
  api: [
    async ({ facts }, use) => use(new PortalApi({ url: facts.url })),
    { scope: 'worker' },
  ],
  datacenters: [
    async ({ facts }, use) => {
      const [fra1, ams1] = ['fra1', 'ams1'].map(name => {
        const found = facts.datacenters.find(each => each.name === name);
        if (!found) {
          throw new Error(`The harness started no datacenter ${name}`);
        }
        return new Datacenter(found);
      });
      await use({ fra1, ams1 });
    },
    { scope: 'worker' },
  ],
  network: [
    async ({ datacenters }, use) => {
      await use();
      await datacenters.fra1.restore();
      await datacenters.ams1.restore();
    },
    { auto: true },
  ],
  consoleErrors: [
    async ({ page }, use) => {
      const errors = new ConsoleErrors();
      errors.watch(page);
      await use(errors);
      expect(errors.unexpected(), 'errors in the console').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

function readFacts(): Facts {
  const file = process.env.KUBENOVA_E2E;
  if (!file) {
    throw new Error(
      'Stories need a portal and datacenters: run them by `./kubenova test e2e`',
    );
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}
