import type { Bench } from '../Bench.ts';
import { figure, type Figure } from '../figures.ts';
import { percentile } from '../percentiles.ts';
import { untilAllOpenedAfter, untilSettled } from '../untilOpen.ts';

/** The only replica is killed and started again: from the kill until every operator has told what it holds. */
export async function measureRestart(bench: Bench): Promise<Figure[]> {
  const { platform, fleet, signal } = bench;
  await untilSettled(bench);
  const killedAt = Date.now();
  await platform.portal.kill();
  await platform.portal.start(signal);
  const readyAt = Date.now();
  const opened = await untilAllOpenedAfter(bench, killedAt);
  const lastMs = Math.max(...opened);
  return [
    figure({
      name: `All of ${fleet.operators.length} operators back after a restart`,
      unit: 's',
      samples: [lastMs / 1_000],
      aim: { atMost: 60 },
      note: 'from the kill; the portal itself took a part of it, see below',
    }),
    figure({
      name: 'of which the portal started',
      unit: 's',
      samples: [(readyAt - killedAt) / 1_000],
    }),
    figure({
      name: 'and half of them were back',
      unit: 's',
      samples: [percentile(opened, 0.5) / 1_000],
    }),
  ];
}
