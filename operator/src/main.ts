/**
 * The operator: wires its rooms together and runs them until it is told to stop. Nothing else constructs.
 *
 * Order: Lease → journal → link, and beside it CRDs and policies → reconcilers. Nothing is dialled or applied without the Lease, and
 * nothing is applied before the policies that protect tenants from each other are in place; what the Manager wants meanwhile is stored.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createApplications } from './applications/index.ts';
import { createClusters } from './clusters/index.ts';
import { readConfig, type OperatorConfig } from './config/readConfig.ts';
import { HealthServer } from './health/HealthServer.ts';
import {
  createGuard,
  inClusterConnection,
  KubeClient,
  kubeconfigConnection,
} from './kube/index.ts';
import { createDiagnostics } from './link/calls/diagnostics.ts';
import { createLink } from './link/createLink.ts';
import { systemClock as clock } from './link/clock.ts';
import { Journal } from './link/journal/Journal.ts';
import { KubernetesKeyStore } from './link/kubernetes/KubernetesKeyStore.ts';
import { KubernetesLeaseClient } from './link/kubernetes/KubernetesLeaseClient.ts';
import { Lease } from './link/Lease.ts';
import { LinkState } from './link/LinkState.ts';
import { OperatorKeys } from './link/OperatorKeys.ts';
import { createLogger, type Logger } from './log/logger.ts';
import { RecentProblems } from './log/RecentProblems.ts';
import { runProcess, runTogether } from './runProcess.ts';
import { MetricsServer } from './telemetry/MetricsServer.ts';
import { OperatorMetrics } from './telemetry/OperatorMetrics.ts';
import { createTenants } from './tenants/index.ts';
import { createUsage } from './usage/index.ts';
import { version } from './version.ts';

const processInstance = randomUUID();
const problems = new RecentProblems();
const logger = createLogger({
  write: line => process.stdout.write(`${line}\n`),
  now: clock.now,
  see: problems.see,
});

await runProcess({ logger, clock, run });

async function run(signal: AbortSignal): Promise<void> {
  const config = readConfig(process.env);
  const { clusterId } = config;
  logger.info('operator starts', { version, processInstance, clusterId });
  const kube = KubeClient.create({
    connection: config.kubeconfig
      ? kubeconfigConnection(config.kubeconfig)
      : inClusterConnection(process.env),
  });
  const lease = new Lease({
    client: new KubernetesLeaseClient({ kube, namespace: config.podNamespace }),
    holder: `${config.podName}_${processInstance}`,
    clock,
    onError: error =>
      logger.warn('the Lease could not be read or written', { error }),
  });
  const state = new LinkState({ clock });
  const health = new HealthServer({
    readiness: () => ({
      ready: lease.isHeld() && state.phase.kind !== 'refused',
      reason: lease.isHeld()
        ? state.condition().message ?? ''
        : 'The operator waits for the Lease that another one holds.',
    }),
  });
  const metrics = new OperatorMetrics({
    phase: () => state.phase,
    nowMs: () => clock.now().toMillis(),
    residentMemory: () => process.memoryUsage.rss(),
  });
  const metricsServer = new MetricsServer({ metrics });
  const port = await health.start(config.healthPort);
  logger.info('answers probes', { port });
  if (config.metricsPort) {
    await metricsServer.start(config.metricsPort);
    logger.info('answers Prometheus', { port: config.metricsPort });
  }
  try {
    await lease.acquire(signal);
    if (!signal.aborted) {
      await operate({ config, kube, lease, state, metrics, logger }, signal);
    }
  } finally {
    await lease.release();
    await metricsServer.stop();
    await health.stop();
    kube.close();
  }
}

/** What the holder of the Lease does. @throws Error when the Lease is lost. */
async function operate(
  held: {
    config: OperatorConfig;
    kube: KubeClient;
    lease: Lease;
    state: LinkState;
    metrics: OperatorMetrics;
    logger: Logger;
  },
  signal: AbortSignal,
): Promise<void> {
  const { config, kube, lease, state, metrics } = held;
  const journal = Journal.open({
    file: config.journalFile,
    budgetBytes: config.journalBudgetBytes,
    clusterId: config.clusterId,
    clock,
    createUuid: randomUUID,
  });
  metrics.readJournal(() => journal.space.level());
  try {
    const { desiredStates: desired, samples } = journal;
    const events = metrics.counting(journal.events);
    const isHolder = () => lease.isHeld();
    // From here nothing is written without the Lease, whatever a process was paused in.
    const fenced = kube.fenced(isHolder);
    const identity = {
      clusterId: config.clusterId,
      installationId: config.installationId,
      processInstance,
      operatorVersion: version,
      kubernetesVersion: await kube.version(),
    };
    const link = createLink({
      journal,
      guard: createGuard({
        heldKeys: () => desired.list().map(({ key }) => key),
      }),
      manager: { url: config.managerUrl, ca: config.managerCa },
      joinTokenFile: config.joinTokenFile,
      identity,
      keys: await OperatorKeys.open(
        new KubernetesKeyStore({
          kube: fenced,
          namespace: config.podNamespace,
        }),
      ),
      isHolder,
      state,
      random: Math.random,
      createUuid: randomUUID,
      onOutcome: outcome => metrics.sessionEnded(outcome),
      calls: {
        diagnostics: createDiagnostics({
          identity,
          journal,
          clock,
          leaseHolder: () => lease.holder,
          recentProblems: () => problems.list(),
        }),
      },
      clock,
      logger,
    });
    const shared = {
      kube: fenced,
      desired,
      events,
      snapshots: link.snapshots,
      clock,
      log: logger,
    };
    const clusters = createClusters({
      ...shared,
      conditions: [state, link.space],
      assets: {
        crdsDir: join(config.assetsDir, 'crds'),
        policiesDir: join(config.assetsDir, 'policies'),
        chartsDir: join(config.assetsDir, 'charts'),
        valuesDir: join(config.assetsDir, 'values'),
      },
      operator: { image: config.image, version },
    });
    const { components } = clusters;
    const tenants = createTenants({ ...shared, components });
    const applications = createApplications({
      ...shared,
      components,
      tenants: tenants.states,
    });
    const usage = createUsage({ ...shared, samples, tenants: tenants.states });

    const reconcile = async (working: AbortSignal) => {
      await clusters.prepare(working);
      await Promise.all(
        [clusters, tenants, applications, usage].map(room =>
          room.start(working),
        ),
      );
    };
    await runTogether(signal, [
      working => failWhenLost(lease.keep(working)),
      working => link.start(working),
      reconcile,
    ]);
  } finally {
    metrics.readJournal(undefined);
    journal.close();
  }
}

async function failWhenLost(kept: Promise<'lost' | 'stopped'>): Promise<void> {
  if ((await kept) === 'lost') {
    throw new Error(
      'The Lease was lost: another operator may run in this cluster by now.',
    );
  }
}
