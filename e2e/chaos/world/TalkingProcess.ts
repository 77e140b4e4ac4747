import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { leavesBehind } from './leftovers.ts';

/** What became of an order. A process that is stopped, killed or cut off may carry it out all the same, later or never. */
export type OrderOutcome =
  | { outcome: 'done'; result: unknown }
  | { outcome: 'refused'; name: string; message: string }
  | { outcome: 'unknown' };

type Answer = {
  id: number;
  result?: unknown;
  error?: { name: string; message: string };
};

/** A process that is given orders and tells news, in lines of JSON, and whose standard error goes to a file. */
export class TalkingProcess {
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #orders = new Map<number, (answer: OrderOutcome) => void>();
  #lastId = 0;
  #isOver = false;

  constructor(options: {
    args: string[];
    cwd: string;
    logFile: string;
    onNews: (news: Record<string, unknown>) => void;
  }) {
    mkdirSync(path.dirname(options.logFile), { recursive: true });
    const log = openSync(options.logFile, 'a');
    const child = spawn(process.execPath, options.args, {
      cwd: options.cwd,
      stdio: ['pipe', 'pipe', log],
    });
    closeSync(log);
    // A stopped process would not see that its input has ended.
    const isGone = leavesBehind(() => child.kill('SIGKILL'));
    this.#child = child;
    child.stdin!.on('error', () => {}); // it was killed: what it did not read gets no answer
    createInterface({ input: child.stdout! }).on('line', line => {
      if (!line.startsWith('{')) {
        appendFileSync(options.logFile, `${line}\n`); // a library's
        return;
      }
      const said = JSON.parse(line);
      if ('id' in said) {
        this.#answered(said);
      } else {
        options.onNews(said);
      }
    });
    this.exited = once(child, 'close').then(([code]) => {
      isGone();
      this.#isOver = true;
      this.#orders.forEach(resolve => resolve({ outcome: 'unknown' }));
      this.#orders.clear();
      return code;
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Resolves when the order is answered, or after the limit. */
  async order(order: object, limitMs = 1_000): Promise<OrderOutcome> {
    if (this.#isOver) {
      return { outcome: 'unknown' };
    }
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = new Promise<OrderOutcome>(resolve => {
      this.#orders.set(id, resolve);
      setTimeout(() => resolve({ outcome: 'unknown' }), limitMs).unref();
    });
    this.#child.stdin!.write(`${JSON.stringify({ id, ...order })}\n`);
    return answer.finally(() => this.#orders.delete(id));
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }

  /** Lets it end in good order. */
  async end(): Promise<number | null> {
    this.#child.stdin!.end();
    return this.exited;
  }

  #answered({ id, result, error }: Answer): void {
    this.#orders.get(id)?.(
      error ? { outcome: 'refused', ...error } : { outcome: 'done', result },
    );
  }
}
