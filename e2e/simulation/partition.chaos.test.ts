import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { bundleManager } from '../chaos/manager/bundleManager.ts';
import { FaultyProxy } from '../chaos/network/FaultyProxy.ts';
import { ChaosPostgres } from '../chaos/world/ChaosPostgres.ts';
import {
  ManagerReplica,
  prepareInstallation,
} from '../chaos/world/ManagerReplica.ts';
import { SimulatedDatacenter } from './SimulatedDatacenter.ts';
import { SimulatedOperator } from './SimulatedOperator.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const TENANTS = ['acme', 'beta', 'coral'];
const APPLICATIONS = 24;
const MINUTE_MS = 60_000;
const MINUTES = 24 * 60;
/** Each application changes its health so often, in minutes; not all in the same one. */
const CHANGES_EVERY = 30;
/** One flaps: it changes every so many minutes, and of its steps only so many wait (E10). */
const FLAPS_EVERY = 5;
const MOST_WAITING_A_KEY = 100;
/** A hundredth of what an operator has in earnest. */
const BUDGET_BYTES = 2.5 * 1024 * 1024;

describe('a partition of 24 hours', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'kubenova-partition-'));
  const cluster = {
    id: randomUUID(),
    name: 'fra1',
    novaClusterId: randomUUID(),
    joinToken: `knj_${randomUUID()}`,
  };
  let postgres: ChaosPostgres;
  let replica: ManagerReplica;
  let network: FaultyProxy;
  let operator: SimulatedOperator;
  let datacenter: SimulatedDatacenter;
  let mostBytes = 0;

  before(
    async () => {
      await startAll();
      await operator.until(() => operator.isConnected);
      await wantApplications();
      network.set({ kind: 'cut' });
      await operator.until(() => !operator.isConnected);
      await live();
      network.set({ kind: 'open' });
      await operator.until(() => operator.isConnected && operator.hasTold);
    },
    { timeout: 300_000 },
  );

  after(async () => {
    await operator.stop();
    network.close();
    await replica.close();
    await postgres.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  async function startAll(): Promise<void> {
    const [server, bundle] = await Promise.all([
      ChaosPostgres.start(path.join(folder, 'postgres')),
      bundleManager(ROOT),
    ]);
    postgres = server;
    const logs = path.join(folder, 'logs');
    const installation = { ...bundle, root: ROOT, postgres, logs };
    const { installationId, caPem: ca } = await prepareInstallation(
      installation,
      [cluster],
    );
    replica = await ManagerReplica.create('manager', installation);
    replica.start();
    network = await FaultyProxy.listen(() => replica.port);
    operator = new SimulatedOperator({
      folder: path.join(folder, 'operator'),
      manager: {
        url: `https://127.0.0.1:${network.port}`,
        ca,
        installationId,
      },
      clusterId: cluster.novaClusterId,
      joinToken: cluster.joinToken,
      budgetBytes: BUDGET_BYTES,
    });
    datacenter = new SimulatedDatacenter({
      operator,
      tenants: TENANTS,
      applications: Array.from({ length: APPLICATIONS }, (_, index) => ({
        tenant: TENANTS[index % TENANTS.length],
        name: `app-${index}`,
        uid: randomUUID(),
      })),
    });
  }

  /** The Manager wants the applications, and the operator has accepted them. */
  async function wantApplications(): Promise<void> {
    for (const application of datacenter.applications) {
      const key = datacenter.keyOf(application);
      const { uid } = application;
      const put = { clusterId: cluster.id, key, uid, yaml: `name: ${key}` };
      assert.equal((await replica.order({ put }, 10_000)).outcome, 'done');
    }
    await operator.until(
      () => operator.journal.desiredStates.list().length === APPLICATIONS,
    );
  }

  /** A day passes, minute by minute, until after its last hour has ended. */
  async function live(): Promise<void> {
    for (let minute = 0; minute <= MINUTES; minute += 1) {
      datacenter.sampleUsage();
      changeSome(minute);
      await operator.skip(MINUTE_MS);
      mostBytes = Math.max(mostBytes, operator.journal.space.level().bytes);
    }
    assert.equal(operator.isConnected, false);
  }

  function changeSome(minute: number): void {
    datacenter.applications.forEach((application, index) => {
      const every = index === 0 ? FLAPS_EVERY : CHANGES_EVERY;
      if (minute % every === index % every) {
        datacenter.changeHealth(application);
      }
    });
  }

  it('loses no step in the life of an object, and tells none twice', async () => {
    const rows = await postgres.query<{ times: string; records: string }>(
      `SELECT times, count(*) AS records FROM (
         SELECT record, count(*) AS times FROM ledger_records WHERE record NOT LIKE '%/%' GROUP BY record
       ) AS steps GROUP BY times`,
    );
    const [flapping, ...others] = datacenter.applications;
    assert.ok(flapping.changes > MOST_WAITING_A_KEY);
    const expected = others.reduce(
      (sum, { changes }) => sum + changes,
      MOST_WAITING_A_KEY,
    );
    assert.deepEqual(
      rows.map(({ times, records }) => [Number(times), Number(records)]),
      [[1, expected]],
    );
  });

  it('ends with every hour of usage, and every minute in it', async () => {
    const rows = await postgres.query<{
      tenant: string;
      hour: Date;
      minutes: string;
      pods: string;
    }>(
      `SELECT tenant, hour, minutes::text, pod_minutes AS pods FROM usage_records`,
    );
    const told = rows.map(({ tenant, hour, minutes, pods }) => [
      `${tenant} ${hour.toISOString()}`,
      BigInt(minutes),
      Number(pods),
    ]);
    const now = operator.clock.now();
    const expected = [...datacenter.minutes]
      .filter(([slot]) => !slot.endsWith(now.startOf('hour').toISO()!))
      .map(([slot, minutes]) => [slot, minutes, ones(minutes)]);
    assert.equal(expected.length, TENANTS.length * (MINUTES / 60));
    assert.deepEqual(told.sort(), expected.sort());
  });

  it('ends with the present state of every application', async () => {
    const rows = await postgres.query<{ key: string; revision: string }>(
      'SELECT key, revision FROM ledger_states ORDER BY key',
    );
    assert.deepEqual(
      rows.map(({ key, revision }) => [key, revision]),
      datacenter.applications
        .map(application => [
          datacenter.keyOf(application),
          String(application.changes),
        ])
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  });

  it('leaves the journal within its budget', () => {
    assert.ok(
      mostBytes > 0 && mostBytes < BUDGET_BYTES,
      `${mostBytes} of ${BUDGET_BYTES} bytes`,
    );
  });
});

function ones(map: bigint): number {
  return [...map.toString(2)].filter(bit => bit === '1').length;
}
