import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { SwarmCommand, SwarmCommands } from './swarm/commands.ts';

const SCRIPT = fileURLToPath(new URL('swarm/main.ts', import.meta.url));

/** Light operators in a process of their own, so that their work is not measured as the Manager's. */
export class Swarm {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<
    number,
    { resolve(answer: never): void; reject(error: Error): void }
  >();
  #lastId = 0;

  constructor() {
    this.#child = fork(SCRIPT, {
      execArgv: ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'],
    });
    this.#child.on('message', ({ id, answer, error }: Answer) => {
      const asked = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) {
        asked?.resolve(answer);
      } else {
        asked?.reject(new Error(error));
      }
    });
    this.#child.on('exit', code => {
      const ended = new Error(`The light operators ended with code ${code}`);
      this.#waiting.forEach(({ reject }) => reject(ended));
    });
  }

  ask<C extends SwarmCommand>(
    command: C,
    ask: SwarmCommands[C]['ask'],
  ): Promise<SwarmCommands[C]['answer']> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, command, ask });
    });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null) {
      const exited = once(this.#child, 'exit');
      this.#child.disconnect();
      await exited;
    }
  }
}

type Answer = { id: number; answer: never; error?: string };
