/** The value below which a share of the samples lies (nearest rank). @throws Error without samples. */
export function percentile(samples: readonly number[], share: number): number {
  if (samples.length === 0) {
    throw new Error('There are no samples');
  }
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1];
}

/** Rounded for people: three figures that mean something. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
