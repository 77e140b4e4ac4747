/**
 * `./kubenova bench link`: what the link takes and gives, on the portal as it ships, its real database and 1,000 light operators.
 *
 * Every figure stands beside a limit, or beside what a peer does in the same run. Writes e2e/bench/link.json and the table in
 * docs/benchmarks.md; the last line is how many aims are met of all.
 */
import {
  ensureHaproxy,
  forget,
  startPortalOnly,
} from '@kubenova/local/environment';
import { withInstance, type Instance } from '@kubenova/local/instance';
import { terminal } from '@kubenova/local/terminal';
import { findCommand } from '@kubenova/local/toolchain';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import type { Bench } from './Bench.ts';
import { summary, type Figure } from './figures.ts';
import { Fleet } from './Fleet.ts';
import { measureChanges } from './measure/changes.ts';
import { measureEvents, measureLatency } from './measure/events.ts';
import { measureFailover } from './measure/failover.ts';
import { measureOperatorMemory } from './measure/operatorMemory.ts';
import { measureEmpty, measureIdle } from './measure/idle.ts';
import { measureRestart } from './measure/restart.ts';
import { writeReport } from './report.ts';
import { Swarm } from './Swarm.ts';
import { untilAllOpenedAfter } from './untilOpen.ts';

const BUSY = 32;

const root = path.resolve(import.meta.dirname, '../../..');
const { values } = parseArgs({
  options: { operators: { type: 'string', default: '1000' } },
});
const stopping = new AbortController();
process.once('SIGINT', () => stopping.abort());
process.once('SIGTERM', () => stopping.abort());

const { signal } = stopping;
const { env } = process;
const figures = await withInstance(
  { ...{ root, name: 'bench-link', env, signal }, terminal },
  instance => measure(instance, Number(values.operators)),
);
await writeReport({ root, figures });
terminal.say(summary(figures));

async function measure(
  instance: Instance,
  operators: number,
): Promise<Figure[]> {
  const pgbench = await findCommand('pgbench', env);
  if (!pgbench) {
    throw new Error(
      'The benchmark compares with pgbench, which is not on the PATH. Debian and Ubuntu have it in the package postgresql-contrib.',
    );
  }
  await forget(instance);
  const swarm = new Swarm();
  try {
    const alone = await withPortal({ instance, signal }, async start => {
      const fleet = new Fleet({ api: start.platform.api });
      const bench: Bench = { ...start, fleet, swarm, busy: [], signal };
      const empty = await step('Empty', () => measureEmpty(bench));
      await gather(bench, operators);
      return {
        fleet,
        busy: bench.busy,
        figures: [
          ...empty,
          ...(await step('Idle', () => measureIdle(bench))),
          ...(await step('Changes', () => measureChanges(bench))),
          ...(await step('Latency', () => measureLatency(bench))),
          ...(await step('Events', () => measureEvents({ ...bench, pgbench }))),
          ...(await step('Restart', () => measureRestart(bench))),
        ],
      };
    });
    const haproxy = await ensureHaproxy({ env, signal });
    if (haproxy.outcome === 'missing') {
      throw new Error(haproxy.how);
    }
    const replicas = { count: 2, haproxy: haproxy.command };
    const two = await withPortal(
      { instance, signal, replicas },
      async start => {
        const bench: Bench = { ...start, ...alone, swarm, signal };
        await untilAllOpenedAfter(bench, start.startedAt);
        return step('Failover', () => measureFailover(bench));
      },
    );
    const operator = await step('An operator', () =>
      measureOperatorMemory({ root, applications: 1_000, signal }),
    );
    return [...alone.figures, ...two, ...operator];
  } finally {
    await swarm.stop();
    await forget(instance);
  }
}

async function gather(bench: Bench, operators: number): Promise<void> {
  const { fleet, swarm } = bench;
  await terminal.step(`Registering ${operators} clusters`, () =>
    fleet.register(operators),
  );
  const since = Date.now();
  await terminal.step(`Opening ${operators} sessions`, async () => {
    await swarm.ask('start', { operators: fleet.operators });
    await untilAllOpenedAfter(bench, since);
  });
  bench.busy.push(...fleet.names.slice(0, BUSY));
  await terminal.step(`Deploying to ${bench.busy.length} clusters`, () =>
    fleet.deploy(bench.busy),
  );
}

/** A portal with a connection to its database, for as long as the function runs; what it leaves in the database stays. */
async function withPortal<T>(
  options: Parameters<typeof startPortalOnly>[0] extends infer Options
    ? Omit<Options, 'terminal'>
    : never,
  run: (
    started: Pick<
      Bench,
      'platform' | 'database' | 'databaseUrl' | 'databaseLog' | 'say'
    > & { startedAt: number },
  ) => Promise<T>,
): Promise<T> {
  const startedAt = Date.now();
  const kubenova = await startPortalOnly({ ...options, terminal });
  const { platform } = kubenova;
  try {
    const url = new URL(platform.postgres.connectionString);
    url.pathname = '/backstage_plugin_kubenova';
    const databaseUrl = url.href;
    const database = new Client({ connectionString: databaseUrl });
    await database.connect();
    try {
      return await run({
        ...{ platform, database, databaseUrl, startedAt },
        databaseLog: platform.postgres.logFile,
        say: text => terminal.say(`  ${text}`),
      });
    } finally {
      await database.end();
    }
  } finally {
    await kubenova.stop();
  }
}

function step(name: string, run: () => Promise<Figure[]>): Promise<Figure[]> {
  return terminal.step(`Measuring: ${name}`, async () => {
    const measured = await run();
    for (const { name: what, value, unit } of measured) {
      terminal.say(`  ${what}: ${value} ${unit}`);
    }
    return measured;
  });
}
