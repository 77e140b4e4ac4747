import { diffOf } from './diffOf';

const shown = (sides: Parameters<typeof diffOf>[0]) =>
  diffOf(sides).map(line =>
    'text' in line ? `${line.side}: ${line.text}` : `… ${line.unchanged}`,
  );

describe('diffOf', () => {
  it('shows what each side alone has', () => {
    expect(
      shown({ datacenter: 'a: 1\nb: 2\n', portal: 'a: 1\nb: 3\n' }),
    ).toEqual(['both: a: 1', 'portal: b: 3', 'datacenter: b: 2']);
  });

  it('compares JSON with JSON as lines of YAML', () => {
    const application = (image: string) =>
      JSON.stringify({ kind: 'Application', spec: { image } });
    expect(
      shown({ datacenter: application('a:2'), portal: application('a:1') }),
    ).toEqual([
      'both: kind: Application',
      'both: spec:',
      'portal:   image: a:1',
      'datacenter:   image: a:2',
    ]);
  });

  it('shows everything of what only one side has', () => {
    expect(shown({ datacenter: 'a: 1\n' })).toEqual(['datacenter: a: 1']);
    expect(shown({ portal: 'a: 1\n' })).toEqual(['portal: a: 1']);
    expect(shown({})).toEqual([]);
  });

  it('leaves out what is far from any difference', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `k${index}: 1`);
    const portal = lines.join('\n');
    const datacenter = portal.replace('k10: 1', 'k10: 2');
    expect(shown({ datacenter, portal })).toEqual([
      '… 7',
      'both: k7: 1',
      'both: k8: 1',
      'both: k9: 1',
      'portal: k10: 1',
      'datacenter: k10: 2',
      'both: k11: 1',
      'both: k12: 1',
      'both: k13: 1',
      '… 6',
    ]);
  });

  it('compares what is no YAML as it is', () => {
    expect(shown({ datacenter: '{ "a', portal: '{ "b' })).toEqual([
      'portal: { "b',
      'datacenter: { "a',
    ]);
  });
});
