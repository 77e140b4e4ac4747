import type { DateTime } from 'luxon';

export const RANGES = ['24h', '7d', '30d'] as const;
export type Range = (typeof RANGES)[number];

const HOURS: Record<Range, number> = {
  '24h': 24,
  '7d': 7 * 24,
  '30d': 30 * 24,
};

export type Period = { from: DateTime; to: DateTime };

/**
 * The hours that are over. The running one is left out: it is reported when it
 * is closed, and would look like a gap until then.
 */
export function periodOf(range: Range, now: DateTime): Period {
  const to = now.toUTC().startOf('hour');
  return { from: to.minus({ hours: HOURS[range] }), to };
}

export function isRange(text: string): text is Range {
  return RANGES.includes(text as Range);
}
