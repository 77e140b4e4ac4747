/** How many events of a period were looked at, and how many of them were poison. */
export interface EventCount {
  seen: number;
  poison: number;
}

const SLOTS = 12;
const SLOT_MS = 60_000 / SLOTS;

/** Counts of the last minute, in slots. */
export class LastMinute {
  readonly #slots = new Map<number, EventCount>();

  add(count: EventCount, nowMs: number): void {
    const slot = Math.floor(nowMs / SLOT_MS);
    const known = this.#slots.get(slot) ?? { seen: 0, poison: 0 };
    this.#slots.set(slot, sum(known, count));
    for (const old of this.#slots.keys()) {
      if (old <= slot - SLOTS) {
        this.#slots.delete(old);
      }
    }
  }

  /** What it would be with that. */
  plus(count: EventCount, nowMs: number): EventCount {
    const oldest = Math.floor(nowMs / SLOT_MS) - SLOTS;
    return [...this.#slots]
      .filter(([slot]) => slot > oldest)
      .reduce((total, [, known]) => sum(total, known), count);
  }
}

function sum(a: EventCount, b: EventCount): EventCount {
  return { seen: a.seen + b.seen, poison: a.poison + b.poison };
}
