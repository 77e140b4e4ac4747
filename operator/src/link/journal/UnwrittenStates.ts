/**
 * States that the disk had no room for, in the order in which their keys came.
 *
 * A newer state of a key takes the older one's place, as on the disk. A step in the life of an object that is lost by that is counted,
 * and becomes part of the gap record once there is room (E10).
 */
import { toLifecycleStep } from '../mappers/toLifecycleStep.ts';
import type { OperatorEvent } from '../types.ts';
import type { Loss } from './JournalSpace.ts';
import { JournalFullError } from './SpareRoom.ts';

export class UnwrittenStates {
  readonly #states = new Map<string, OperatorEvent>();
  #loss: Loss | undefined;

  add(state: OperatorEvent): void {
    const older = this.#states.get(state.key);
    if (older && toLifecycleStep(older.body)) {
      this.#count(older.observedAt.toMillis());
    }
    this.#states.set(state.key, state);
  }

  /** Writes what there is room for; the rest stays. */
  drain(
    write: (state: OperatorEvent) => void,
    countLoss: (loss: Loss) => void,
  ): void {
    try {
      if (this.#loss) {
        countLoss(this.#loss);
        this.#loss = undefined;
      }
      for (const [key, state] of this.#states) {
        write(state);
        this.#states.delete(key);
      }
    } catch (error) {
      if (!(error instanceof JournalFullError)) {
        throw error;
      }
    }
  }

  #count(atMs: number): void {
    this.#loss = {
      dropped: (this.#loss?.dropped ?? 0) + 1,
      sinceMs: Math.min(this.#loss?.sinceMs ?? atMs, atMs),
      untilMs: Math.max(this.#loss?.untilMs ?? atMs, atMs),
    };
  }
}
