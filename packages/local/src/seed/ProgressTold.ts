import type { Progress } from '../progress.ts';
import type { PortalApi } from './PortalApi.ts';

/**
 * Tells the portal what clusters are waiting for, so that their pages show it. Progress comes faster than anyone reads:
 * while one message is on its way only the newest of the others is kept, and a message that gets lost is not missed.
 */
export class ProgressTold {
  readonly #api: PortalApi;
  readonly #clusters: string[];
  #next: Progress | undefined;
  #sending: Promise<void> | undefined;

  constructor(options: { api: PortalApi; clusters: string[] }) {
    this.#api = options.api;
    this.#clusters = options.clusters;
  }

  tell(progress: Progress): void {
    this.#next = progress;
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
  }

  /** Resolves when the portal has been told the last of it. */
  async told(): Promise<void> {
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#next) {
      const { message, index, total } = this.#next;
      this.#next = undefined;
      const progress = {
        message: message.slice(0, 500),
        percent: Math.floor((100 * (index - 1)) / total),
      };
      await Promise.allSettled(
        this.#clusters.map(name => this.#api.reportProgress(name, progress)),
      );
    }
  }
}
