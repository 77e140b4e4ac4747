import type { Bench } from '../Bench.ts';
import { figure, type Figure } from '../figures.ts';
import { percentile } from '../percentiles.ts';
import { untilAllOpenedAfter, untilSettled } from '../untilOpen.ts';

/** Two replicas hold the links, and one of them goes: killed, then without a word. */
export async function measureFailover(bench: Bench): Promise<Figure[]> {
  const { platform } = bench;
  await untilSettled(bench);
  const killed = await moved(bench, 0, () => platform.portal.kill(0));
  await platform.portal.start(bench.signal);

  await untilSettled(bench);
  const [, pid] = platform.portal.pids();
  const frozen = await moved(bench, 1, async () => {
    process.kill(pid, 'SIGSTOP');
  });
  process.kill(pid, 'SIGCONT');
  return [
    figure({
      name: 'A replica is killed: its links moved, p99',
      unit: 's',
      samples: [percentile(killed, 0.99) / 1_000],
      aim: { atMost: 15 },
      note: `${killed.length} links`,
    }),
    figure({
      name: 'A replica falls silent: its links moved, p99',
      unit: 's',
      samples: [percentile(frozen, 0.99) / 1_000],
      aim: { atMost: 25 },
      note: `${frozen.length} links; the process is stopped, its connections stay open`,
    }),
  ];
}

/** @returns how long each link of the replica took to be open elsewhere, in milliseconds */
async function moved(
  bench: Bench,
  replica: number,
  lose: () => Promise<void>,
): Promise<number[]> {
  const { database, platform } = bench;
  const pid = platform.portal.pids()[replica];
  const { rows } = await database.query<{ name: string }>(
    `SELECT clusters.name FROM links JOIN clusters ON clusters.id = links.cluster_id
     WHERE links.open AND links.replica LIKE $1`,
    [`%/${pid}`],
  );
  const names = rows.map(({ name }) => name);
  if (names.length === 0) {
    throw new Error(`Replica ${replica + 1} holds no link`);
  }
  const lostAt = Date.now();
  await lose();
  return untilAllOpenedAfter(bench, lostAt, names);
}
