/**
 * A real control plane (etcd and kube-apiserver) with KubeNova's join manifest, CRDs and admission policies in it, for integration tests.
 *
 * There are no nodes, and neither Capsule nor KubeVela runs: their CRDs are the real ones of their charts, but their webhooks and controllers are absent. What
 * a test needs of them a stand-in does, which is named so.
 */
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startControlPlane } from '@kubenova/local/controlplane';
import { cacheDirOf } from '@kubenova/local/instance';
import {
  ensureControlPlaneTools,
  ensureOperatorTools,
} from '@kubenova/local/toolchain';
import { parseAllDocuments } from 'yaml';
import { prepare } from '../clusters/prepare.ts';
import { KubeClient, kubeconfigConnection } from '../kube/index.ts';
import { systemClock } from '../link/clock.ts';
import { silentLogger } from './silentLogger.ts';

const OPERATOR = join(import.meta.dirname, '../..');
const MANIFEST = join(
  OPERATOR,
  '../plugins/kubenova-backend/manifests/operator.yaml',
);
const MINUTES_FOR_TOOLS = 30;

const run = promisify(execFile);

export class TestCluster {
  /** As an administrator. */
  readonly admin: KubeClient;
  /** As the operator's own account, with the rights of the join manifest and no others. */
  readonly operator: KubeClient;
  readonly #kubectl: (args: string[], input?: string) => Promise<string>;
  readonly #stop: () => Promise<void>;

  private constructor(options: {
    admin: KubeClient;
    operator: KubeClient;
    kubectl: (args: string[], input?: string) => Promise<string>;
    stop: () => Promise<void>;
  }) {
    this.admin = options.admin;
    this.operator = options.operator;
    this.#kubectl = options.kubectl;
    this.#stop = options.stop;
  }

  /** @param options - charts: whose CRDs are installed. controllers: of kube-controller-manager. */
  static async start(
    options: {
      charts?: Array<'capsule' | 'vela-core'>;
      controllers?: string[];
    } = {},
  ): Promise<TestCluster> {
    const tools = {
      cacheDir: cacheDirOf(process.env),
      signal: AbortSignal.timeout(MINUTES_FOR_TOOLS * 60_000),
    };
    const { binDir } = await ensureControlPlaneTools(tools);
    const controlPlane = await startControlPlane({
      binDir,
      controllers: options.controllers,
    });
    const kubectl = kubectlOf(join(binDir, 'kubectl'), controlPlane.kubeconfig);
    await kubectl(['apply', '-f', MANIFEST]);
    if (options.charts) {
      const { chartsDir } = await ensureOperatorTools(tools);
      for (const chart of options.charts) {
        await kubectl(['create', '-f', '-'], await crdsOf(chartsDir, chart));
      }
    }
    const connection = kubeconfigConnection(controlPlane.kubeconfig);
    const token = await kubectl([
      'create',
      'token',
      'kubenova-operator',
      '--namespace=kubenova-system',
    ]);
    const admin = KubeClient.create({ connection });
    const operator = KubeClient.create({
      connection: {
        ...connection,
        certificate: undefined,
        token: () => token.trim(),
      },
    });
    return new TestCluster({
      admin,
      operator,
      kubectl,
      async stop() {
        admin.close();
        operator.close();
        await controlPlane.stop();
      },
    });
  }

  /** Puts CRDs and admission policies in place, as the operator does at its start. */
  async prepare(): Promise<void> {
    await prepare(
      {
        kube: this.operator,
        crdsDir: join(OPERATOR, 'crds'),
        policiesDir: join(OPERATOR, 'policies'),
        clock: systemClock,
        log: silentLogger,
      },
      AbortSignal.timeout(30_000),
    );
  }

  /** Runs kubectl as an administrator; answers what it printed. @throws Error with kubectl's own words. */
  kubectl(args: string[], input?: string): Promise<string> {
    return this.#kubectl(args, input);
  }

  stop(): Promise<void> {
    return this.#stop();
  }
}

function kubectlOf(path: string, kubeconfig: string) {
  return async (args: string[], input?: string): Promise<string> => {
    const running = run(path, [`--kubeconfig=${kubeconfig}`, ...args]);
    running.child.stdin?.end(input);
    return (await running).stdout;
  };
}

/** The CRDs of a packaged chart, as one YAML text. */
async function crdsOf(chartsDir: string, chart: string): Promise<string> {
  const file = (await readdir(chartsDir)).find(name =>
    new RegExp(`^${chart}-\\d`).test(name),
  );
  if (!file) {
    throw new Error(
      `There is no chart of ${chart} in ${chartsDir}: build the toolchain first, with ./kubenova toolchain`,
    );
  }
  const { stdout } = await run(
    'tar',
    ['-xzOf', join(chartsDir, file), '--wildcards', `${chart}/crds/*.yaml`],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  // Files of a chart need not begin with a separator.
  const files = stdout.replaceAll(/^apiVersion: apiextensions/gm, '---\n$&');
  return parseAllDocuments(files)
    .filter(document => document.contents !== null)
    .map(String)
    .join('---\n');
}
