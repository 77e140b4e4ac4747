/** The operator as a process of its own, run from its sources, with the rights of the join manifest. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TEST_CLUSTER_ID } from '../link/testing/TestOperator.ts';
import type { ScriptedManager } from '../link/testing/ScriptedManager.ts';
import type { TestCluster } from './TestCluster.ts';

const OPERATOR = join(import.meta.dirname, '../..');

/** What outlives a process of the operator: its volume, and the files of the join manifest. */
export class OperatorFolder {
  readonly path: string;
  readonly env: Record<string, string>;

  private constructor(path: string, managerUrl: string) {
    this.path = path;
    this.env = {
      NOVA_MANAGER_URL: managerUrl,
      NOVA_CLUSTER_ID: TEST_CLUSTER_ID,
      NOVA_CONFIG_DIR: join(path, 'config'),
      NOVA_STATE_DIR: path,
      NOVA_ASSETS_DIR: join(path, 'assets'),
      NOVA_OPERATOR_IMAGE: 'kubenova.local/operator:0.1.0',
      // Any free port: the process logs which.
      NOVA_HEALTH_PORT: '0',
      POD_NAMESPACE: 'kubenova-system',
      KUBECONFIG: join(path, 'kubeconfig'),
    };
  }

  static async create(
    cluster: TestCluster,
    manager: ScriptedManager,
  ): Promise<OperatorFolder> {
    const path = await mkdtemp(join(tmpdir(), 'kubenova-operator-'));
    await mkdir(join(path, 'config/manager'), { recursive: true });
    await mkdir(join(path, 'config/join'));
    // Without charts nothing is installed: these tests are about the process.
    await mkdir(join(path, 'assets/charts'), { recursive: true });
    for (const folder of ['crds', 'policies', 'values']) {
      await symlink(join(OPERATOR, folder), join(path, 'assets', folder));
    }
    const { ca, url } = manager.address;
    await writeFile(join(path, 'config/manager/ca.crt'), ca);
    await writeFile(
      join(path, 'config/manager/installation-id'),
      manager.installationId,
    );
    await writeFile(join(path, 'config/join/token'), 'token-1');
    await writeFile(join(path, 'kubeconfig'), await kubeconfigOf(cluster));
    return new OperatorFolder(path, url);
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true });
  }
}

export class OperatorProcess {
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown[]>;
  #output = '';

  /** @param options - script: a bundle to run in the place of the sources */
  constructor(
    env: Record<string, string>,
    { script = join(OPERATOR, 'src/main.ts') }: { script?: string } = {},
  ) {
    this.#child = spawn(
      process.execPath,
      ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', script],
      { env, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.#exit = once(this.#child, 'exit');
    this.#child.stdout!.setEncoding('utf8').on('data', chunk => {
      this.#output += chunk;
    });
  }

  /** What it has logged up to now. */
  get log(): Array<Record<string, unknown>> {
    return this.#output
      .split('\n')
      .slice(0, -1)
      .map(line => JSON.parse(line));
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The answer of a probe, by its path. */
  async probe(path: string): Promise<number> {
    const port = this.log.find(line => line.port !== undefined)?.port;
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return response.status;
  }

  /** Resident memory, in MiB. */
  async residentMemory(): Promise<number> {
    const status = await readFile(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1_024;
  }

  kill(signal: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }

  /** Resolves to the exit code; `null` where a signal ended it. */
  async exited(): Promise<number | null> {
    const [code] = await this.#exit;
    return code as number | null;
  }
}

/** The control plane's address with a token of the operator's account in the place of the administrator's certificate. */
async function kubeconfigOf(cluster: TestCluster): Promise<string> {
  const config = JSON.parse(
    await cluster.kubectl(['config', 'view', '--raw', '--minify', '-ojson']),
  );
  const token = await cluster.kubectl([
    'create',
    'token',
    'kubenova-operator',
    '--namespace=kubenova-system',
  ]);
  config.users[0].user = { token: token.trim() };
  return JSON.stringify(config);
}
