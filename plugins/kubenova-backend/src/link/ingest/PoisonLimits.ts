import { EventCount, LastMinute } from './LastMinute';

/** Of fewer events no share is worth knowing. */
const MIN_SEEN = 20;
/** A few odd events of a cluster are no bad release, */
const MIN_POISON = 5;
/** nor are those of a few clusters one of the whole fleet. */
const MIN_POISON_OF_ALL = 25;
const MAX_SHARE = 0.01;
const MAX_POISON = 100;

/** A halted cluster that was not tried for so long is not here any more: another replica has its session. */
const FORGET_MS = 240_000;

/**
 * Stops the setting aside of events where it is no exception any more (E9): one bad release, of operators or of the Manager, must not
 * move the history of the fleet into a table that nobody reads.
 *
 * 1. Within a minute, over 1 % of the events of a cluster (of at least 20 seen and 5 poisonous) or over 100 may not be set aside; and
 *    the same for all clusters of this replica together (of at least 25 poisonous).
 * 2. A cluster that asked for more is halted: nothing of it is set aside, until a batch of it is committed without poison. What waits
 *    is retried, so that happens once a better release is there.
 * 3. Where all together asked for more, nobody's events are set aside until one of the halted clusters goes on, or none is left.
 */
export class PoisonLimits {
  readonly #monotonicMs: () => number;
  readonly #clusters = new Map<string, LastMinute>();
  readonly #fleet = new LastMinute();
  /** When each was last tried. */
  readonly #halted = new Map<string, number>();
  #fleetHalted = false;

  constructor(options: { monotonicMs: () => number }) {
    this.#monotonicMs = options.monotonicMs;
  }

  /** Whether the poison of a batch may be set aside. `false` halts the cluster. */
  allow(clusterId: string, batch: EventCount): boolean {
    const now = this.#monotonicMs();
    this.#forget(now);
    const tooMuch = isTooMuch(
      this.#minuteOf(clusterId).plus(batch, now),
      MIN_POISON,
    );
    const tooMuchOfAll = isTooMuch(
      this.#fleet.plus(batch, now),
      MIN_POISON_OF_ALL,
    );
    this.#fleetHalted ||= tooMuchOfAll;
    if (tooMuch || this.#fleetHalted || this.#halted.has(clusterId)) {
      this.#halted.set(clusterId, now);
      return false;
    }
    return true;
  }

  /** Counts what was committed; returns whether that ended a halt of the cluster. */
  committed(clusterId: string, batch: EventCount): boolean {
    const now = this.#monotonicMs();
    this.#minuteOf(clusterId).add(batch, now);
    this.#fleet.add(batch, now);
    const resumed = batch.poison === 0 && this.#halted.delete(clusterId);
    if (resumed) {
      this.#fleetHalted = false;
    }
    return resumed;
  }

  #minuteOf(clusterId: string): LastMinute {
    const minute = this.#clusters.get(clusterId) ?? new LastMinute();
    this.#clusters.set(clusterId, minute);
    return minute;
  }

  #forget(now: number): void {
    for (const [clusterId, triedAt] of this.#halted) {
      if (now - triedAt > FORGET_MS) {
        this.#halted.delete(clusterId);
      }
    }
    if (this.#halted.size === 0) {
      this.#fleetHalted = false;
    }
    for (const [clusterId, minute] of this.#clusters) {
      if (minute.plus({ seen: 0, poison: 0 }, now).seen === 0) {
        this.#clusters.delete(clusterId);
      }
    }
  }
}

function isTooMuch({ seen, poison }: EventCount, minPoison: number): boolean {
  return (
    poison > MAX_POISON ||
    (seen >= MIN_SEEN && poison >= minPoison && poison > seen * MAX_SHARE)
  );
}
