/**
 * The operator's link as a process that a Manager's tests drive: without a cluster, with a real journal.
 *
 * Argument: a JSON object, see `Options`. Standard input: one JSON command a line. Standard output: one JSON object a line for each
 * thing that happens. It ends in good order when standard input does.
 */
import { DateTime } from 'luxon';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { systemClock as clock } from '../clock.ts';
import { createLink } from '../createLink.ts';
import { Journal } from '../journal/Journal.ts';
import { LinkState } from '../LinkState.ts';
import { OperatorKeys } from '../OperatorKeys.ts';
import { FileKeyStore } from './FileKeyStore.ts';
import { silentLogger, tenantEvent } from './TestOperator.ts';

type Options = {
  /** Has the file `token`; key and journal are kept here. */
  folder: string;
  url: string;
  ca: string;
  installationId: string;
  clusterId: string;
};

type Command = { put: { tenant: string; kind: 'state' | 'record' } };

const options: Options = JSON.parse(process.argv[2]);
const tell = (line: object) =>
  process.stdout.write(`${JSON.stringify(line)}\n`);

const journal = Journal.open({
  file: join(options.folder, 'journal.db'),
  clusterId: options.clusterId,
  clock,
  createUuid: randomUUID,
});
const state = new LinkState({ clock });
state.onChange(() => tell({ condition: state.condition() }));
journal.desiredStates.onChange(key =>
  tell({ desired: journal.desiredStates.get(key) }),
);
const link = createLink({
  journal,
  guard: { check: () => ({ allowed: true }) },
  manager: options,
  joinTokenFile: join(options.folder, 'token'),
  identity: {
    clusterId: options.clusterId,
    installationId: options.installationId,
    processInstance: randomUUID(),
    operatorVersion: '0.1.0',
    kubernetesVersion: 'v1.36.3',
  },
  keys: await OperatorKeys.open(
    new FileKeyStore(join(options.folder, 'keys.json')),
  ),
  isHolder: () => true,
  state,
  random: Math.random,
  createUuid: randomUUID,
  clock,
  logger: silentLogger,
  limits: { firstBackoffMs: 50, lastBackoffMs: 200, graceMs: 1_000 },
});
link.snapshots.onRequest(async () => {
  tell({ snapshot: true });
});

const stop = new AbortController();
createInterface({ input: process.stdin })
  .on('line', line => obey(JSON.parse(line)))
  .on('close', () => stop.abort());
await link.start(stop.signal);
journal.close();

function obey({ put }: Command): void {
  const event = tenantEvent(put.tenant);
  journal.events.put({
    ...event,
    kind: put.kind,
    observedAt: DateTime.utc(),
  });
}
