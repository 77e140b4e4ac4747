import { diffLines } from 'diff';
import { parse, stringify } from 'yaml';

/** A line, with the side that has it; or how many lines were left out that both have. */
export type DiffLine =
  | { side: 'datacenter' | 'portal' | 'both'; text: string }
  | { side: 'both'; unchanged: number };

/** Lines that are shown around what differs. */
const CONTEXT = 3;

/**
 * What differs, line by line. An application is sent as JSON on one line, so
 * both sides are written as YAML first: what is compared is what they say.
 */
export function diffOf(sides: {
  datacenter?: string;
  portal?: string;
}): DiffLine[] {
  const changes = diffLines(
    written(sides.portal ?? ''),
    written(sides.datacenter ?? ''),
  );
  return changes.flatMap((change, index) => {
    const lines = change.value.replace(/\n$/, '').split('\n');
    if (change.value === '') {
      return [];
    }
    if (change.added || change.removed) {
      const side = change.added ? 'datacenter' : 'portal';
      return lines.map(text => ({ side, text } as const));
    }
    return shortened(lines, {
      isFirst: index === 0,
      isLast: index === changes.length - 1,
    });
  });
}

function shortened(
  lines: string[],
  place: { isFirst: boolean; isLast: boolean },
): DiffLine[] {
  const head = place.isFirst ? 0 : CONTEXT;
  const tail = place.isLast ? 0 : CONTEXT;
  const unchanged = lines.length - head - tail;
  const both = (text: string) => ({ side: 'both', text } as const);
  if (unchanged <= 1) {
    return lines.map(both);
  }
  return [
    ...lines.slice(0, head).map(both),
    { side: 'both', unchanged },
    ...lines.slice(lines.length - tail).map(both),
  ];
}

function written(yaml: string): string {
  if (yaml === '') {
    return '';
  }
  try {
    return stringify(parse(yaml), { lineWidth: 0 });
  } catch {
    return yaml.endsWith('\n') ? yaml : `${yaml}\n`;
  }
}
