import { percentile, rounded } from './percentiles.ts';

/** One measured figure, beside what it is held to. */
export type Figure = {
  name: string;
  unit: string;
  value: number;
  /** Where it was measured more than once. */
  noise?: { lowest: number; highest: number };
  /** A limit, or what a peer did in the same run; absent where a figure is only shown. */
  aim?: { atMost: number } | { atLeast: number };
  /** value ÷ aim */
  ratio?: number;
  isMet?: boolean;
  /** How it was measured, and against what. */
  note?: string;
};

export function figure(
  measured: Pick<Figure, 'name' | 'unit' | 'aim' | 'note'> & {
    /** The median counts. */
    samples: readonly number[];
  },
): Figure {
  const { samples, aim, ...about } = measured;
  const value = percentile(samples, 0.5);
  return {
    ...about,
    value: rounded(value),
    ...(samples.length > 1 && {
      noise: {
        lowest: rounded(Math.min(...samples)),
        highest: rounded(Math.max(...samples)),
      },
    }),
    ...(aim && {
      aim,
      ratio: rounded(value / limitOf(aim)),
      isMet: 'atMost' in aim ? value <= aim.atMost : value >= aim.atLeast,
    }),
  };
}

function verdict(isMet: boolean | undefined): string {
  if (isMet === undefined) {
    return '';
  }
  return isMet ? 'yes' : '**no**';
}

function limitOf(aim: NonNullable<Figure['aim']>): number {
  return 'atMost' in aim ? aim.atMost : aim.atLeast;
}

/** The last line: aims met of all. */
export function summary(figures: readonly Figure[]): string {
  const aims = figures.filter(({ aim }) => aim);
  const met = aims.filter(({ isMet }) => isMet);
  return `${met.length} of ${aims.length} aims met`;
}

/** The figures as a table in Markdown. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(
    ({ name, unit, value, noise, aim, ratio, isMet, note }) => [
      name,
      `${value} ${unit}`,
      noise ? `${noise.lowest}–${noise.highest}` : '',
      aim ? `${'atMost' in aim ? '≤' : '≥'} ${limitOf(aim)} ${unit}` : '',
      ratio === undefined ? '' : String(ratio),
      verdict(isMet),
      note ?? '',
    ],
  );
  const head = ['Figure', 'Median', 'Range', 'Aim', 'Ratio', 'Met', 'How'];
  return [head, head.map(() => '---'), ...rows]
    .map(cells => `| ${cells.join(' | ')} |`)
    .join('\n');
}
