/*
 * A Manager's link in a process of its own, which is killed while it commits. Argument: JSON, see ManagerOptions. Says as JSON lines
 * where it listens, and on which connection it is about to commit; it goes on when it reads a line.
 */
import { LoggerService } from '@backstage/backend-plugin-api';
import { ConfigReader } from '@backstage/config';
import knexFactory, { Knex } from 'knex';
import { once } from 'node:events';
import { FakeOperatorRegistry } from '../../__testUtils__/FakeOperatorRegistry';
import { TestCluster } from '../../__testUtils__/testDatabase';
import { createLink } from '../../createLink';
import { CrashProjection } from './CrashProjection';

export interface ManagerOptions {
  connection: Knex.PgConnectionConfig;
  encryptionKey: string;
  cluster: TestCluster;
  token: string;
}

export type ManagerNews =
  | { listening: { port: number; caPem: string } }
  | { committing: number };

const silent: LoggerService = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  child: () => silent,
};

async function run(options: ManagerOptions): Promise<void> {
  const say = (news: ManagerNews) =>
    process.stdout.write(`${JSON.stringify(news)}\n`);
  const { encryptionKey } = options;
  const link = await createLink({
    config: new ConfigReader({
      kubenova: {
        encryptionKey,
        link: {
          listen: '127.0.0.1:0',
          publicUrl: 'https://manager.example:7443',
        },
      },
    }),
    logger: silent,
    database: knexFactory({ client: 'pg', connection: options.connection }),
  });
  const registry = new FakeOperatorRegistry();
  registry.add(options.cluster, options.token);
  const { port } = await link.start({
    registry,
    handlers: [
      new CrashProjection(async connectionPort => {
        say({ committing: connectionPort });
        await once(process.stdin, 'data');
      }),
    ],
    sessionListeners: [],
    snapshotListeners: [],
    changes: { changed: () => {} },
  });
  say({ listening: { port, caPem: link.address.caPem } });
}

void run(JSON.parse(process.argv[2]));
