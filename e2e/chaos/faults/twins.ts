import { waitUntil } from '@kubenova/local/processes';
import path from 'node:path';
import type { News } from '../operator/protocol.ts';
import type { OperatorHost } from '../world/OperatorHost.ts';
import { readJournalRecords } from '../world/journalRecords.ts';
import type { Operation } from './types.ts';

const LIMIT_MS = 180_000;

/** Two operators for one cluster. */
export const twins = {
  /** A second process on the same volume: it gets the Lease while the first is stopped, and must not get the journal. */
  secondProcess: {
    weight: 1,
    isAlone: true,
    inject: async ({ world, random }) => {
      const operator = random.pick(world.operators);
      const { name } = operator.cluster;
      const heard: News[] = [];
      await untilLeading(operator);
      operator.freeze();
      const second = operator.runSecond(operator.volume.path, news =>
        heard.push(news),
      );
      await until(
        `the second operator of ${name} to end`,
        () => second.isOver || heard.length > 0,
      );
      if (heard.length > 0) {
        throw new Error(
          `A second operator had the journal of ${name} while the first held it`,
        );
      }
      return {
        what: `a second operator on the volume of ${name}`,
        on: `operator ${name}`,
        heal: async () => operator.thaw(),
      };
    },
  },
  /** A second process with a copy of the journal takes the Lease and the link from one that is stopped, which then goes on. */
  copiedJournal: {
    weight: 2,
    isAlone: true,
    replacesJournal: true,
    inject: async ({ world, model, workload, random }) => {
      const operator = random.pick(world.operators);
      const { name } = operator.cluster;
      const copy = path.join(world.folder, `${name}-second`);
      const heard: News[] = [];
      await untilLeading(operator);
      operator.freeze();
      operator.volume.copyTo(copy);
      const second = operator.runSecond(copy, news => heard.push(news));
      await until(`the second operator of ${name} to open a session`, () =>
        heard.some(isOpened),
      );
      const numbers = workload.nextRecords(operator, 1 + random.below(5));
      const answer = await second.order({ emit: numbers });
      const records = model.records(name);
      records.emittedElsewhere(numbers, answer.outcome === 'done');
      operator.thaw();
      return {
        what: `a second operator of ${name} with a copy of the journal`,
        on: `operator ${name}`,
        heal: async () => {
          await second.kill();
          await operator.kill();
          const kept = readJournalRecords(operator.volume.path);
          records.copyLost(
            readJournalRecords(copy).waiting,
            new Set([...kept.waiting, ...kept.acknowledged]),
          );
          // What the copy did is not in the first journal, so that one is an older one now.
          operator.journalReplaced();
          operator.start();
        },
      };
    },
  },
} satisfies Record<string, Operation>;

function isOpened(news: News): boolean {
  return news.news === 'session' && news.message === 'session opened';
}

/** The one that has the journal, and not one that waits for the Lease or is about to find that it has lost it: that one answers nothing. */
async function untilLeading(operator: OperatorHost): Promise<void> {
  const { name } = operator.cluster;
  await until(`the operator of ${name} to have its journal`, async () => {
    const answer = await operator.order({ touch: 'cluster/none' });
    return operator.isLeading && answer.outcome === 'done';
  });
}

async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  await waitUntil(
    { what, limitMs: LIMIT_MS, intervalMs: 50 },
    async () => (await condition()) || undefined,
  );
}
