import type { Bench } from '../Bench.ts';
import { figure, type Figure } from '../figures.ts';
import { percentile } from '../percentiles.ts';
import { runPgbench } from '../pgbench/pgbench.ts';
import { replayable } from '../pgbench/replayable.ts';
import { logTransactions } from '../pgbench/statementLog.ts';

const ROUNDS = 3;
const EVENTS_EACH = 1_500;
const LOGGED_EVENTS_EACH = 200;
const PGBENCH_SECONDS = 8;
/** The Manager commits in two transactions at a time at most; more connections only wait for the rows of one another. */
const PGBENCH_CLIENTS = [1, 2];
const STREAM_SECONDS = 10;
const STREAM_RATE = 1_000;

/** Durable events a second, end to end, beside what Postgres takes of the same statements without anything around them. */
export async function measureEvents(
  bench: Bench & { pgbench: string },
): Promise<Figure[]> {
  const { swarm, busy, database, databaseUrl, databaseLog, say } = bench;
  await swarm.ask('blast', { operators: busy, eventsEach: 100 }); // warm
  const logged = await logTransactions({
    client: database,
    logFile: databaseLog,
    work: async () => {
      await swarm.ask('blast', {
        operators: busy,
        eventsEach: LOGGED_EVENTS_EACH,
      });
    },
  });
  const ingests = replayable(logged);
  const eventsEach = (busy.length * LOGGED_EVENTS_EACH) / ingests.length;
  say(`An ingest is ${eventsEach.toFixed(1)} events on average`);

  const ours: number[] = [];
  const peers: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const blast = await swarm.ask('blast', {
      operators: busy,
      eventsEach: EVENTS_EACH,
    });
    ours.push(blast.events / blast.seconds);
    let best = 0;
    for (const clients of PGBENCH_CLIENTS) {
      const tps = await runPgbench({
        command: bench.pgbench,
        connectionString: databaseUrl,
        transactions: ingests,
        clients,
        seconds: PGBENCH_SECONDS / PGBENCH_CLIENTS.length,
      });
      best = Math.max(best, tps * eventsEach);
    }
    peers.push(best);
  }
  return [
    figure({
      name: 'Durable events, end to end',
      unit: 'events/s',
      samples: ours,
      note: `${busy.length} operators, status events of applications`,
    }),
    figure({
      name: 'The same statements by pgbench',
      unit: 'events/s',
      samples: peers,
      note: `at the better of ${PGBENCH_CLIENTS.join(' and ')} connections`,
    }),
    figure({
      name: 'Durable events ÷ pgbench',
      unit: '',
      samples: ours.map((value, round) => value / peers[round]),
      aim: { atLeast: 0.7 },
      note: 'each round beside its own pgbench',
    }),
  ];
}

/** From sending to acknowledgement at a rate that the Manager has room for. */
export async function measureLatency({
  swarm,
  busy,
}: Bench): Promise<Figure[]> {
  const rounds: number[][] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { latenciesMs } = await swarm.ask('stream', {
      operators: busy,
      eventsPerSecond: STREAM_RATE,
      seconds: STREAM_SECONDS,
    });
    rounds.push(latenciesMs);
  }
  return [0.5, 0.99].map(share =>
    figure({
      name: `Sent → acknowledged at ${STREAM_RATE} events/s, p${share * 100}`,
      unit: 'ms',
      samples: rounds.map(latencies => percentile(latencies, share)),
      note: 'receipt → commit, and the way there and back',
    }),
  );
}
