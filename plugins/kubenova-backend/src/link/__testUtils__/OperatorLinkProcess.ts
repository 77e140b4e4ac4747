import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestCluster } from './testDatabase';
import { TestLink } from './TestLink';

const SCRIPT = join(
  dirname(resolvePackagePath('@kubenova/proto')),
  'operator/src/link/testing/linkProcess.ts',
);

/** Something that the operator's link told: a desired state that it stored, or its condition. */
export interface OperatorNews {
  desired?: { key: string; generation: number; uid: string; yaml?: string };
  condition?: { status: string; reason: string; message: string };
  snapshot?: true;
}

/** The real operator's link in a process of its own, which can be killed and started again on the same journal. */
export class OperatorLinkProcess {
  readonly cluster: TestCluster;
  readonly news: OperatorNews[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'kubenova-operator-link-'));
  #child?: ChildProcess;

  /** An operator of a new cluster, with a good join token. */
  static async create(link: TestLink): Promise<OperatorLinkProcess> {
    const { operator, token } = await link.newOperator();
    const created = new OperatorLinkProcess(operator.cluster);
    created.join(token);
    return created;
  }

  private constructor(cluster: TestCluster) {
    this.cluster = cluster;
  }

  get clusterId(): string {
    return this.cluster.id;
  }

  /** Puts a join token where the operator looks for it. */
  join(token: string): void {
    writeFileSync(join(this.#folder, 'token'), token);
  }

  /** Starts the process, which dials that replica of the Manager. */
  start(link: TestLink): void {
    const { installationId, caPem } = link.link.address;
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
        SCRIPT,
        JSON.stringify({
          folder: this.#folder,
          url: link.url,
          ca: caPem,
          installationId,
          clusterId: this.cluster.novaClusterId,
        }),
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      this.news.push(...lines.map(line => JSON.parse(line)));
    });
    this.#child = child;
  }

  put(tenant: string, kind: 'state' | 'record'): void {
    this.#child?.stdin?.write(`${JSON.stringify({ put: { tenant, kind } })}\n`);
  }

  /** Ends the process: in good order, or at once. Resolves to its exit code. */
  async end(how: 'orderly' | 'SIGKILL' = 'orderly'): Promise<number | null> {
    const child = this.#child;
    this.#child = undefined;
    if (!child) {
      return null;
    }
    const exited = once(child, 'exit');
    if (how === 'orderly') {
      child.stdin?.end();
    } else {
      child.kill('SIGKILL');
    }
    const [code] = await exited;
    return code;
  }

  async remove(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
