import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { TalkingProcess } from '../../chaos/world/TalkingProcess.ts';
import { eventually } from '../eventually.ts';
import { FuzzManager, INSTALLATION_ID } from './FuzzManager.ts';
import type {
  FuzzedOptions,
  FuzzedOrder,
  OperatorHoldings,
} from './protocol.ts';

const ORDER_LIMIT_MS = 10_000;
const HONEST_KEY = 'tenants/honest';

/** The real operator in a process of its own, and a Manager that it dials. */
export class FuzzedOperator {
  readonly manager: FuzzManager;
  readonly #process: TalkingProcess;
  #records = 0;
  /** Generation of the honest key that was accepted last. */
  #accepted = 0n;

  static async start(folder: string): Promise<FuzzedOperator> {
    const manager = await FuzzManager.start();
    const joinTokenFile = path.join(folder, 'token');
    mkdirSync(folder, { recursive: true });
    writeFileSync(joinTokenFile, 'knj_fuzz');
    const options: FuzzedOptions = {
      folder,
      manager: manager.address,
      joinTokenFile,
      clusterId: randomUUID(),
      installationId: INSTALLATION_ID,
    };
    const process = new TalkingProcess({
      args: [
        '--expose-gc',
        '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
        path.join(import.meta.dirname, 'main.ts'),
        JSON.stringify(options),
      ],
      cwd: folder,
      logFile: path.join(folder, 'operator.log'),
      onNews: () => {},
    });
    return new FuzzedOperator(manager, process);
  }

  private constructor(manager: FuzzManager, process: TalkingProcess) {
    this.manager = manager;
    this.#process = process;
  }

  get isAlive(): boolean {
    return !this.#process.isOver;
  }

  async holdings(): Promise<OperatorHoldings> {
    return (await this.#order({ memory: true })) as OperatorHoldings;
  }

  /**
   * A session with an honest Manager: what was accepted in earlier ones is held, a desired state is accepted, a record goes up and is
   * acknowledged.
   */
  async serveHonestly(): Promise<void> {
    const { stream, hello } = await this.manager.open('open');
    const { entries } = await stream.receive('digest');
    const held = entries.find(({ key }) => key === HONEST_KEY);
    if ((held?.generation ?? 0n) < this.#accepted) {
      throw new Error(`${HONEST_KEY} was accepted and is not held any more`);
    }
    const generation = hello!.highestGeneration + 1n;
    const yaml = Buffer.from(`generation: ${generation}`);
    stream.send({
      case: 'applyYaml',
      value: {
        number: 1n,
        key: HONEST_KEY,
        generation,
        uid: 'honest',
        sha256: createHash('sha256').update(yaml).digest(),
        content: { case: 'yaml', value: yaml },
      },
    });
    await stream.receive('accepted');
    this.#accepted = generation;
    await this.#takeRecord(stream);
    stream.send({ case: 'drain', value: { spreadMs: 0 } });
    await stream.receive('bye');
    stream.finish('half-close');
  }

  async stop(): Promise<void> {
    await this.#process.kill();
    await this.manager.stop();
  }

  async #takeRecord(
    stream: Awaited<ReturnType<FuzzManager['open']>>['stream'],
  ): Promise<void> {
    this.#records += 1;
    await this.#order({ put: this.#records });
    for (let isThere = false; !isThere; ) {
      const { events } = await stream.receive('eventBatch');
      const last = events.at(-1)!.seq;
      isThere = events.some(({ body }) => body.case === 'usageRecord');
      stream.send({
        case: 'eventAck',
        value: {
          ackedSeq: last,
          credit: {
            upToSeq: last + 1_000n,
            maxBatchBytes: 65_536n,
            upToBytes: 2n ** 40n,
          },
        },
      });
      await eventually(
        async () => (await this.holdings()).ackedSeq >= Number(last),
      );
    }
  }

  async #order(order: FuzzedOrder): Promise<unknown> {
    const answer = await this.#process.order(order, ORDER_LIMIT_MS);
    if (answer.outcome !== 'done') {
      throw new Error(
        `The operator does not answer: ${JSON.stringify(answer)}`,
      );
    }
    return answer.result;
  }
}
