import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { FileDatacenter } from '../datacenter/FileDatacenter.ts';
import { FaultyProxy } from '../network/FaultyProxy.ts';
import type { News, OperatorOptions, Order } from '../operator/protocol.ts';
import { TalkingProcess, type OrderOutcome } from './TalkingProcess.ts';
import { Volume } from './Volume.ts';

const PROGRAM = path.join(import.meta.dirname, '../operator/main.ts');

/** A cluster, as the Manager knows it. */
export type Cluster = {
  id: string;
  name: string;
  novaClusterId: string;
  joinToken: string;
};

/** A datacenter with its operator, which is started again whenever it ends, as Kubernetes does. */
export class OperatorHost {
  readonly cluster: Cluster;
  readonly datacenter: FileDatacenter;
  readonly volume: Volume;
  /** Between the operator and the replicas. */
  readonly network: FaultyProxy;
  /** The epochs of its sessions, for each life of its journal. */
  readonly epochs: number[][] = [[]];
  /** What it was sent and has stored, with the epoch of the session. */
  readonly stored: Array<{ key: string; generation: number; epoch: number }> =
    [];
  readonly #root: string;
  readonly #logs: string;
  readonly #manager: { installationId: string; caPem: string };
  #process: TalkingProcess | undefined;
  #isWanted = false;
  #clockOffsetMs = 0;
  #isOpen = false;
  #isLeading = false;

  static async create(options: {
    root: string;
    folder: string;
    logs: string;
    cluster: Cluster;
    manager: { installationId: string; caPem: string };
    /** The port of some replica, asked for at each connection. */
    target: () => number;
  }): Promise<OperatorHost> {
    const { cluster, folder } = options;
    const datacenter = new FileDatacenter(path.join(folder, 'datacenter'));
    mkdirSync(datacenter.folder, { recursive: true });
    writeFileSync(path.join(datacenter.folder, 'token'), cluster.joinToken);
    return new OperatorHost({
      ...options,
      datacenter,
      volume: await Volume.create(path.join(folder, 'volume')),
      network: await FaultyProxy.listen(options.target),
    });
  }

  private constructor(options: {
    root: string;
    logs: string;
    cluster: Cluster;
    manager: { installationId: string; caPem: string };
    datacenter: FileDatacenter;
    volume: Volume;
    network: FaultyProxy;
  }) {
    this.cluster = options.cluster;
    this.datacenter = options.datacenter;
    this.volume = options.volume;
    this.network = options.network;
    this.#root = options.root;
    this.#logs = options.logs;
    this.#manager = options.manager;
  }

  /** Whether a session is open, as the operator knows. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isLeading(): boolean {
    return this.#isLeading;
  }

  start(): void {
    this.#isWanted = true;
    this.#run();
  }

  async order(order: Order): Promise<OrderOutcome> {
    return this.#process?.order(order) ?? { outcome: 'unknown' };
  }

  async moveClock(offsetMs: number): Promise<void> {
    this.#clockOffsetMs = offsetMs;
    await this.order({ clockOffsetMs: offsetMs });
  }

  freeze(): void {
    this.#process?.signal('SIGSTOP');
  }

  thaw(): void {
    this.#process?.signal('SIGCONT');
  }

  /** The process dies; it is started again by itself. */
  crash(): void {
    this.#process?.signal('SIGKILL');
  }

  /** The process dies and stays away. */
  async kill(): Promise<void> {
    this.#isWanted = false;
    await this.#process?.kill();
  }

  /** The journal is another one from here on. */
  journalReplaced(): void {
    this.epochs.push([]);
  }

  /** Another process for this datacenter, beside its own. */
  runSecond(volume: string, onNews: (news: News) => void): TalkingProcess {
    return this.#spawn({ volume, onNews, log: `${this.cluster.name}-second` });
  }

  async close(): Promise<void> {
    await this.kill();
    this.network.close();
    await this.volume.close();
  }

  #run(): void {
    const operator = this.#spawn({
      volume: this.volume.path,
      onNews: news => this.#heard(news),
      log: this.cluster.name,
    });
    this.#process = operator;
    void operator.exited.then(() => {
      this.#isOpen = false;
      this.#isLeading = false;
      if (this.#isWanted && this.#process === operator) {
        this.#run();
      }
    });
  }

  #spawn(options: {
    volume: string;
    onNews: (news: News) => void;
    log: string;
  }): TalkingProcess {
    const argument: OperatorOptions = {
      volume: options.volume,
      datacenter: this.datacenter.folder,
      url: `https://127.0.0.1:${this.network.port}`,
      ca: this.#manager.caPem,
      installationId: this.#manager.installationId,
      clusterId: this.cluster.novaClusterId,
      processInstance: randomUUID(),
      clockOffsetMs: this.#clockOffsetMs,
    };
    return new TalkingProcess({
      args: [
        '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
        '--disable-warning=ExperimentalWarning',
        PROGRAM,
        JSON.stringify(argument),
      ],
      cwd: this.#root,
      logFile: path.join(this.#logs, `${options.log}.log`),
      onNews: news => options.onNews(news as News),
    });
  }

  #heard(news: News): void {
    if (news.news === 'stored') {
      const { key, generation } = news;
      const epoch = this.epochs.at(-1)!.at(-1) ?? 0;
      this.stored.push({ key, generation, epoch });
    } else if (news.news === 'leading') {
      this.#isLeading = true;
    } else if (news.news === 'session') {
      this.#isOpen = news.message === 'session opened';
      if (this.#isOpen && news.epoch !== undefined) {
        this.epochs.at(-1)!.push(news.epoch);
      }
    }
  }
}
