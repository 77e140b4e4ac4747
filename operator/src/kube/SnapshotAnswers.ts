/**
 * Answers snapshots for one room, once the room knows what there is (E7).
 *
 * A snapshot says that what it does not name is not there. Right after a start no copy of the cluster is filled and nothing was reconciled,
 * so the answer waits: it registers when the room is made, and puts nothing before everything was seen once. A room that ends before
 * that fails the snapshot, which so marks nothing as gone.
 */
import { sleep, type Clock } from '../link/clock.ts';
import type { SnapshotRequest, Snapshots } from '../link/types.ts';
import type { Reports } from './Reports.ts';

const POLL_MS = 100;

export class SnapshotAnswers {
  readonly #clock: Clock;
  readonly #ended = new AbortController();
  readonly #unregister: () => void;
  #room: { reports: Reports; settled: () => boolean } | undefined;
  #settled = false;

  constructor(options: { snapshots: Snapshots; clock: Clock }) {
    this.#clock = options.clock;
    this.#unregister = options.snapshots.onRequest(request =>
      this.#answer(request),
    );
  }

  /** @param room - settled: whether all that is there was seen and reconciled, once. */
  begin(room: { reports: Reports; settled: () => boolean }): void {
    this.#room = room;
  }

  end(): void {
    this.#unregister();
    this.#ended.abort();
  }

  async #answer(request: SnapshotRequest): Promise<void> {
    const { signal } = this.#ended;
    while (!this.#settled) {
      this.#settled = this.#room?.settled() ?? false;
      if (signal.aborted) {
        throw new Error('The operator stops before it knows what there is.');
      }
      if (!this.#settled) {
        await sleep(this.#clock, POLL_MS, signal);
      }
    }
    this.#room!.reports.repeat(request);
  }
}
