/** Whether the journal has room, as a condition that people see (E10). */
import type { Condition, ConditionSource } from '../types.ts';
import type { Journal } from './Journal.ts';

const NEARLY_FULL = 0.8;
const MIB = 1024 * 1024;

export class JournalSpaceCondition implements ConditionSource {
  readonly #journal: Journal;
  readonly #listeners = new Set<() => void>();
  #reason: string | undefined;

  constructor(options: { journal: Journal }) {
    this.#journal = options.journal;
    this.#reason = this.condition().reason;
    this.#journal.events.onChange(() => this.#check());
  }

  condition(): Condition {
    const { fill, givesUp, budgetBytes } = this.#journal.space.level();
    const budget = `${Math.round(budgetBytes / MIB)} MiB`;
    if (this.#journal.full) {
      return lacking(
        'VolumeFull',
        'The volume of the journal has no room: what is new is kept in memory, or has to wait. Give its claim more room.',
      );
    }
    if (givesUp) {
      return lacking(
        'Full',
        `The events that wait for the Manager use all of their room (${budget}): the oldest lifecycle entries are counted and given up. Usage and states are kept. See why the Manager does not take them.`,
      );
    }
    if (fill >= NEARLY_FULL) {
      return lacking(
        'NearlyFull',
        `The events that wait for the Manager use over 80 % of their room (${budget}). See why the Manager does not take them.`,
      );
    }
    return { type: 'JournalSpace', status: 'True', reason: 'Enough' };
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #check(): void {
    const { reason } = this.condition();
    if (reason !== this.#reason) {
      this.#reason = reason;
      this.#listeners.forEach(listener => listener());
    }
  }
}

function lacking(reason: string, message: string): Condition {
  return { type: 'JournalSpace', status: 'False', reason, message };
}
