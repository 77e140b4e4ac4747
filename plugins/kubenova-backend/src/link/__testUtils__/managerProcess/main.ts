/*
 * A replica of the Manager's side of the link as a process of its own, which a harness can stop, kill and lie to.
 *
 * Argument: JSON, see ReplicaOptions. It ends in good order when standard input does.
 */
import knexFactory, { Knex } from 'knex';
import { hostname } from 'node:os';
import { createInterface } from 'node:readline';
import { prepareDatabase } from './prepareDatabase';
import { processLogger } from './processLogger';
import { Answer, News, NumberedOrder, ReplicaOptions } from './protocol';
import { Replica } from './Replica';
import { shiftClock } from './shiftClock';

const POOL = { min: 0, max: 10, acquireTimeoutMillis: 5_000 };
const CONNECT_MS = 3_000;

const [, , argument, migrations] = process.argv;
const options: ReplicaOptions = JSON.parse(argument);
const say = (line: Answer | News) =>
  process.stdout.write(`${JSON.stringify(line)}\n`);

function connect(applicationName: string): Knex {
  return knexFactory({
    client: 'pg',
    connection: {
      connectionString: options.connectionString,
      connectionTimeoutMillis: CONNECT_MS,
      application_name: applicationName,
    },
    pool: POOL,
  });
}

async function run(): Promise<void> {
  shiftClock(options.clockOffsetMs);
  // As the link names its replicas, so that the ledger can compare the two.
  const database = connect(`${hostname()}/${process.pid}`);
  const administration = connect('administrator');
  if (options.prepare) {
    await prepareDatabase(database, { ...options.prepare, migrations });
  }
  const logger = processLogger();
  const replica = await Replica.create({
    ...options,
    database,
    administration,
    logger,
  });
  if (options.prepare) {
    const { installationId, caPem } = replica.address;
    say({ news: 'prepared', installationId, caPem });
    await database.destroy();
    return; // the administration has not connected
  }
  await replica.start();
  say({ news: 'listening' });

  for await (const line of createInterface({ input: process.stdin })) {
    void answer(replica, JSON.parse(line));
  }
  await replica.stop();
  await Promise.all([database.destroy(), administration.destroy()]);
}

async function answer(replica: Replica, order: NumberedOrder): Promise<void> {
  const { id } = order;
  try {
    if ('clockOffsetMs' in order) {
      shiftClock(order.clockOffsetMs);
      say({ id, result: null });
      return;
    }
    say({ id, result: (await replica.obey(order)) ?? null });
  } catch (error) {
    const { name, message } = error as Error;
    say({ id, error: { name, message } });
  }
}

run().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
