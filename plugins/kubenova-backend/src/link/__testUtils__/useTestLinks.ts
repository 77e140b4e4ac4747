import { Knex } from 'knex';
import { eventually } from './eventually';
import { TestLink } from './TestLink';

/** What a stopped link must not leave behind. Timers are of the link's own only while no database connection is being made. */
const LEAKS = new Set(['TCPServerWrap', 'TLSWrap', 'HTTP2SESSION', 'Timeout']);

/**
 * Starts links for the tests of a suite and stops them after each test. A test after which more sockets, connections or timers are open
 * than before it fails.
 */
export function useTestLinks(database: { readonly db: Knex }): {
  start(
    options?: Omit<Parameters<typeof TestLink.start>[0], 'db'> & {
      /** Another way to the same database. */
      db?: Knex;
    },
  ): Promise<TestLink>;
} {
  jest.setTimeout(60_000); // for machines that are busy; nothing here waits for time to pass
  const links: TestLink[] = [];
  let before: string[];
  beforeEach(() => {
    before = open();
  });
  afterEach(async () => {
    await Promise.all(links.splice(0).map(link => link.stop()));
    await eventually(open, now => now.length <= before.length);
  });
  return {
    async start(options = {}) {
      const link = await TestLink.start({ db: database.db, ...options });
      links.push(link);
      return link;
    },
  };
}

function open(): string[] {
  return process.getActiveResourcesInfo().filter(info => LEAKS.has(info));
}
