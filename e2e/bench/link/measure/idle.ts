import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../Bench.ts';
import { figure, type Figure } from '../figures.ts';
import { cpuSeconds, residentMib } from '../processUse.ts';

const SAMPLES = 3;
const SAMPLE_SECONDS = 10;

/** What a replica takes before any operator has dialled: Backstage with all its plugins, and nothing of the link. */
export async function measureEmpty({
  platform,
  signal,
}: Pick<Bench, 'platform' | 'signal'>): Promise<Figure[]> {
  const [pid] = platform.portal.pids();
  const samples: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    await delay(SAMPLE_SECONDS * 500, undefined, { signal });
    samples.push(residentMib(pid));
  }
  return [
    figure({
      name: 'Memory of a replica without operators',
      unit: 'MiB',
      samples,
      note: 'the part of the next figure that is not the link’s',
    }),
  ];
}

/** What a replica takes that holds all the sessions and has nothing to do but keep them. */
export async function measureIdle(bench: Bench): Promise<Figure[]> {
  const { platform, fleet, signal } = bench;
  const [pid] = platform.portal.pids();
  const memory: number[] = [];
  const cpu: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const before = cpuSeconds(pid);
    await delay(SAMPLE_SECONDS * 1_000, undefined, { signal });
    cpu.push(((cpuSeconds(pid) - before) / SAMPLE_SECONDS) * 100);
    memory.push(residentMib(pid));
  }
  const operators = fleet.operators.length;
  return [
    figure({
      name: `Memory of a replica with ${operators} operators`,
      unit: 'MiB',
      samples: memory,
      aim: { atMost: 512 },
      note: 'resident memory of the whole portal: all of its plugins, not the link alone',
    }),
    figure({
      name: `CPU of a replica with ${operators} idle operators`,
      unit: '% of a core',
      samples: cpu,
    }),
  ];
}
