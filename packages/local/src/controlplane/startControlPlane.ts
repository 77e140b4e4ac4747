import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { access, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiServerArguments, etcdArguments } from './arguments.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { ensurePki } from './pki.ts';
import { waitForApiServer } from './waitForApiServer.ts';

/*
 * A bare control plane for integration tests: etcd and kube-apiserver on loopback, nothing else. Real admission, RBAC,
 * CRDs, server-side apply, TokenRequests and watches. What needs a controller does not happen unless `controllers`
 * asks for it: namespaces do not finish terminating, nothing is garbage collected, no default ServiceAccount appears.
 *
 * The processes die with the process that started them, however that ends.
 */

const STOP_TIMEOUT_MS = 10_000;
const READY_TIMEOUT_MS = 120_000;

/** A running control plane. */
export type ControlPlane = {
  /** Path of an administrator's kubeconfig. */
  kubeconfig: string;
  /** `https://127.0.0.1:port`. */
  url: string;
  /** Ends the processes and removes the folder if it was a temporary one. May be called twice. */
  stop(): Promise<void>;
};

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  // All at once, else the kernel might give the same one twice.
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address && typeof address === 'object') ports.push(address.port);
  }
  for (const server of servers) server.close();
  return ports;
}

/** Components of one control plane, in the order in which they were started. */
class Components {
  readonly #binDir: string;
  readonly #logDir: string;
  readonly #running: Array<{ name: string; child: ChildProcess }> = [];
  readonly #failure = new AbortController();

  constructor(options: { binDir: string; logDir: string }) {
    this.#binDir = options.binDir;
    this.#logDir = options.logDir;
  }

  /** Aborted, with the reason, when a component ends that nobody told to. */
  get failure(): AbortSignal {
    return this.#failure.signal;
  }

  start(name: string, args: string[]): void {
    const path = join(this.#logDir, `${name}.log`);
    const log = openSync(path, 'a');
    // The kernel ends the component when we die, even by SIGKILL: tests must not leave API servers behind.
    const child = spawn(
      'setpriv',
      ['--pdeathsig', 'KILL', '--', join(this.#binDir, name), ...args],
      { stdio: ['ignore', log, log] },
    );
    closeSync(log);
    child.once('error', error => this.#failure.abort(error));
    child.once('exit', (code, signal) => {
      void this.#fail(name, path, code ?? signal);
    });
    this.#running.push({ name, child });
  }

  async #fail(
    name: string,
    path: string,
    how: number | string | null,
  ): Promise<void> {
    const log = await readFile(path, 'utf8').catch(() => '');
    const tail = log.split('\n').slice(-15).join('\n');
    this.#failure.abort(new Error(`${name} ended (${how}):\n${tail}`));
  }

  /** Ends all of them, the last started first. */
  async stop(): Promise<void> {
    for (const { child } of this.#running.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(kill);
    }
    this.#running.length = 0;
  }
}

async function demandBinaries(binDir: string, names: string[]): Promise<void> {
  for (const name of names)
    await access(join(binDir, name)).catch(() => {
      throw new Error(
        `${name} is not in ${binDir}: build the toolchain first, with ./kubenova toolchain.`,
      );
    });
}

/**
 * Starts a control plane and resolves when it answers, after some 3 s.
 *
 * @throws Error with the end of the log when a component does not come up
 */
export async function startControlPlane(options: {
  /** Has etcd and kube-apiserver, and kube-controller-manager if `controllers` is given. */
  binDir: string;
  /** Where state and logs go; without it a temporary folder. */
  dir?: string;
  /** Names of controllers of kube-controller-manager to run, e.g. `namespace`, `garbage-collector-controller`. */
  controllers?: string[];
}): Promise<ControlPlane> {
  const { binDir, controllers = [] } = options;
  await demandBinaries(binDir, [
    'etcd',
    'kube-apiserver',
    ...(controllers.length > 0 ? ['kube-controller-manager'] : []),
  ]);
  const dir =
    options.dir ?? (await mkdtemp(join(tmpdir(), 'kubenova-controlplane-')));
  await mkdir(join(dir, 'log'), { recursive: true });
  const components = new Components({ binDir, logDir: join(dir, 'log') });
  const stop = async () => {
    await components.stop();
    if (!options.dir) await rm(dir, { recursive: true, force: true });
  };
  try {
    const started = await startComponents({ dir, components, controllers });
    return { ...started, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startComponents(options: {
  dir: string;
  components: Components;
  controllers: string[];
}): Promise<Omit<ControlPlane, 'stop'>> {
  const { dir, components, controllers } = options;
  const [port, etcdPort, etcdPeerPort] = await freePorts(3);
  const host = '127.0.0.1';
  const pki = await ensurePki({ dir: join(dir, 'pki'), addresses: [host] });
  const url = `https://${host}:${port}`;
  const kubeconfig = join(dir, 'admin.kubeconfig');
  await writeKubeconfig({
    path: kubeconfig,
    name: 'controlplane',
    server: url,
    ca: pki.ca,
    client: pki.pair('admin'),
  });
  components.start(
    'etcd',
    etcdArguments({
      pki,
      dataDir: join(dir, 'etcd'),
      clientPort: etcdPort,
      peerPort: etcdPeerPort,
    }),
  );
  components.start('kube-apiserver', [
    ...apiServerArguments({
      pki,
      etcdPort,
      bindAddress: host,
      port,
      authorizationMode: 'RBAC',
    }),
    '--service-cluster-ip-range=10.96.0.0/16',
    // Nobody reaches this API server through the Service `kubernetes`.
    '--endpoint-reconciler-type=none',
  ]);
  if (controllers.length > 0)
    components.start('kube-controller-manager', [
      `--kubeconfig=${kubeconfig}`,
      `--controllers=${controllers.join(',')}`,
      `--service-account-private-key-file=${pki.serviceAccountKey}`,
      `--root-ca-file=${pki.ca}`,
      '--leader-elect=false',
      '--secure-port=0',
    ]);
  const signal = AbortSignal.any([
    components.failure,
    AbortSignal.timeout(READY_TIMEOUT_MS),
  ]);
  await waitForApiServer({ host, port, pki, signal });
  return { kubeconfig, url };
}
