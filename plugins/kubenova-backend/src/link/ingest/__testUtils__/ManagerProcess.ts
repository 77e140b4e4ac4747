import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually } from '../../__testUtils__/eventually';
import { ManagerNews, ManagerOptions } from './managerUntilKilled';

const MANAGER = join(__dirname, 'managerUntilKilled.ts');

/** The Manager's link in a process of its own. */
export class ManagerProcess {
  readonly #child: ChildProcess;
  readonly #news: ManagerNews[] = [];

  constructor(options: ManagerOptions) {
    this.#child = spawn(
      process.execPath,
      [
        '--require',
        require.resolve('@backstage/cli/config/nodeTransform.cjs'),
        MANAGER,
        JSON.stringify(options),
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    createInterface({ input: this.#child.stdout! }).on('line', line =>
      this.#news.push(JSON.parse(line)),
    );
  }

  async listening(): Promise<{ port: number; caPem: string }> {
    const news = await eventually(
      () => this.#news.find(said => 'listening' in said),
      said => said !== undefined,
    );
    return (news as Extract<ManagerNews, { listening: object }>).listening;
  }

  /** The connection on which it is about to commit. */
  async committing(): Promise<number> {
    const news = await eventually(
      () => this.#news.find(said => 'committing' in said),
      said => said !== undefined,
    );
    return (news as Extract<ManagerNews, { committing: number }>).committing;
  }

  goOn(): void {
    this.#child.stdin?.write('\n');
  }

  async kill(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}
