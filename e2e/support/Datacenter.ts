import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What the harness tells about a datacenter; see packages/local/src/suites/e2e. */
export type DatacenterFacts = {
  name: string;
  /** Path of an administrator's kubeconfig. */
  kubeconfig: string;
  /** The machine's end of the only cable into it. */
  veth: string;
  /** Name of the network namespace that the datacenter's node is in. */
  netns: string;
  kubectl: string;
};

/** A real datacenter as an administrator with a shell on the machine has it. */
export class Datacenter {
  readonly name: string;
  readonly #facts: DatacenterFacts;

  constructor(facts: DatacenterFacts) {
    this.name = facts.name;
    this.#facts = facts;
  }

  /** Standard output of kubectl; rejects with its error output. */
  async kubectl(...args: string[]): Promise<string> {
    const kubeconfig = ['--kubeconfig', this.#facts.kubeconfig];
    const { stdout } = await run(this.#facts.kubectl, [...kubeconfig, ...args]);
    return stdout;
  }

  /** Like kubectl, from within: works while the datacenter is cut off. */
  async kubectlInside(...args: string[]): Promise<string> {
    const network = `--net=/run/netns/${this.#facts.netns}`;
    const kubeconfig = ['--kubeconfig', this.#facts.kubeconfig];
    const { stdout } = await run('nsenter', [
      network,
      ...[this.#facts.kubectl, ...kubeconfig, ...args],
    ]);
    return stdout;
  }

  /** `kubectl get … -o json`; undefined when there is no such object. */
  async get<T = KubernetesObject>(...args: string[]): Promise<T | undefined> {
    const found = ['get', ...args, '-o', 'json', '--ignore-not-found'];
    const stdout = await this.kubectl(...found);
    return stdout.trim() ? JSON.parse(stdout) : undefined;
  }

  /**
   * `kubectl get … --watch -o jsonpath`: calls back with each line, until it is stopped.
   *
   * @param template - with its line break at the end
   */
  watch(options: {
    args: string[];
    template: string;
    onLine: (line: string) => void;
  }): { stop(): void } {
    const output = ['--watch', '-o', `jsonpath=${options.template}`];
    const child = spawn(this.#facts.kubectl, [
      ...['--kubeconfig', this.#facts.kubeconfig, 'get'],
      ...options.args,
      ...output,
    ]);
    createInterface(child.stdout).on('line', options.onLine);
    return { stop: () => void child.kill() };
  }

  async apply(yaml: string): Promise<void> {
    const kubeconfig = ['--kubeconfig', this.#facts.kubeconfig];
    const child = execFile(this.#facts.kubectl, [
      ...kubeconfig,
      ...['apply', '-f', '-'],
    ]);
    child.stdin?.end(yaml);
    let stderr = '';
    child.stderr?.on('data', chunk => {
      stderr += chunk;
    });
    const code = await new Promise(resolve => child.once('close', resolve));
    if (code !== 0) {
      throw new Error(`kubectl apply in ${this.name}: ${stderr}`);
    }
  }

  /** The answer of a Service of the datacenter, asked by HTTP through its API server. */
  async httpGet(options: {
    namespace: string;
    service: string;
    port: number;
    path: string;
  }): Promise<string> {
    const { namespace, service, port, path } = options;
    const proxy = `/api/v1/namespaces/${namespace}/services/${service}:${port}/proxy`;
    return this.kubectl('get', '--raw', proxy + path);
  }

  /** Pulls the cable: no packet leaves or reaches the datacenter, kubectl of the machine included. */
  async cut(): Promise<void> {
    await run('ip', ['link', 'set', this.#facts.veth, 'down']);
  }

  async restore(): Promise<void> {
    await run('ip', ['link', 'set', this.#facts.veth, 'up']);
  }
}

export type KubernetesObject = {
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    uid: string;
  };
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
};
