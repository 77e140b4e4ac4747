import { Random } from './Random.ts';

/** One operation of a run. What it does to whom is decided by its own seed, not by what came before it. */
export type Step<Kind extends string = string> = {
  number: number;
  kind: Kind;
  seed: number;
  /** How many operations later it is healed; 0: before the next one. */
  heldFor: number;
  /** Whether the next operation waits until somebody has noticed; else they come at once. */
  untilNoticed: boolean;
};

/** Every kind comes at least once where there are as many steps. */
export function createSchedule<Kind extends string>(options: {
  seed: number;
  count: number;
  kinds: ReadonlyArray<{ kind: Kind; weight: number }>;
}): Array<Step<Kind>> {
  const { count, kinds } = options;
  const random = new Random(options.seed);
  const drawn = kinds.flatMap(({ kind, weight }) =>
    Array.from({ length: weight }, () => kind),
  );
  const once = random.shuffle(kinds.map(({ kind }) => kind)).slice(0, count);
  const more = Array.from({ length: count - once.length }, () =>
    random.pick(drawn),
  );
  return random.shuffle([...once, ...more]).map((kind, index) => ({
    number: index + 1,
    kind,
    seed: random.below(2 ** 31),
    heldFor: random.below(4),
    untilNoticed: random.chance(0.5),
  }));
}
