import type { AnyFrame } from './runCase.ts';
import { show } from './bindings.ts';

const PATIENCE_MS = 20_000;

/** What has come on one stream. Waits end when the stream does, or in vain after a time that only a broken peer needs. */
export class FrameInbox<End> {
  readonly seen: string[] = [];
  readonly waiting: AnyFrame[] = [];
  readonly #watchers = new Set<() => void>();
  #end: { with: End } | undefined;

  push(frame: { case?: string; value?: unknown }): void {
    const known = {
      case: frame.case ?? 'unset',
      value: (frame.value ?? {}) as AnyFrame['value'],
    };
    this.seen.push(known.case);
    this.waiting.push(known);
    this.#changed();
  }

  end(how: End): void {
    this.#end ??= { with: how };
    this.#changed();
  }

  /** The next frame of that case. @throws Error where the stream ended, or nothing came for too long. */
  async take(wanted: string): Promise<AnyFrame['value']> {
    const find = () => this.waiting.findIndex(frame => frame.case === wanted);
    await this.#until(() => find() >= 0 || this.#end !== undefined, wanted);
    const index = find();
    if (index < 0) {
      throw new Error(
        `The stream ended with ${show(
          this.#end?.with,
        )} while ${wanted} was expected`,
      );
    }
    return this.waiting.splice(index, 1)[0].value;
  }

  async ended(): Promise<End> {
    await this.#until(() => this.#end !== undefined, 'the end');
    return this.#end!.with;
  }

  async #until(condition: () => boolean, what: string): Promise<void> {
    let expired = false;
    const timer = setTimeout(() => {
      expired = true;
      this.#changed();
    }, PATIENCE_MS);
    try {
      while (!condition()) {
        if (expired) {
          throw new Error(
            `${what} did not come in time; the stream brought ${this.seen
              .slice(0, 20)
              .join(', ')}`,
          );
        }
        await this.#nextChange();
      }
    } finally {
      clearTimeout(timer);
    }
  }

  async #nextChange(): Promise<void> {
    await new Promise<void>(resolve => {
      const watcher = () => {
        this.#watchers.delete(watcher);
        resolve();
      };
      this.#watchers.add(watcher);
    });
  }

  #changed(): void {
    [...this.#watchers].forEach(watcher => watcher());
  }
}
