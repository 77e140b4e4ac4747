/** Pauses between attempts: full jitter up to a ceiling that doubles (S2). A thousand operators must not return together. */
export type Backoff = {
  /** How long to wait before the next attempt, in milliseconds. */
  next(): number;
  /** An attempt went well: the next pause is short again. */
  reset(): void;
};

export function createBackoff(options: {
  firstCeilingMs: number;
  lastCeilingMs: number;
  /** A number from 0 up to, not including, 1. */
  random: () => number;
}): Backoff {
  let ceilingMs = options.firstCeilingMs;
  return {
    next() {
      const pauseMs = Math.round(options.random() * ceilingMs);
      ceilingMs = Math.min(ceilingMs * 2, options.lastCeilingMs);
      return pauseMs;
    },
    reset() {
      ceilingMs = options.firstCeilingMs;
    },
  };
}
