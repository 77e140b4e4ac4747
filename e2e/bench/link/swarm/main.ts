/**
 * A process with many light operators, driven by the one that forked it: see commands.ts. It ends when its parent disconnects.
 */
import type { SwarmCommand, SwarmCommands } from './commands.ts';
import { EventStream } from './EventStream.ts';
import { LightOperator, type LightOperatorEvents } from './LightOperator.ts';

const ENROLLED_AT_ONCE = 16;

const stopping = new AbortController();
const operators = new Map<string, LightOperator>();
const openedAt = new Map<string, number>();
const outcomes = new Map<
  LightOperator,
  Array<{ key: string; generation: string; seq: bigint }>
>();
let applied: SwarmCommands['takeApplied']['answer'] = [];
let stream: EventStream | undefined;

const hooks: LightOperatorEvents = {
  opened: operator => openedAt.set(operator.name, Date.now()),
  closed: operator => openedAt.delete(operator.name),
  applied(operator, { key, generation }, seq) {
    const waiting = outcomes.get(operator) ?? [];
    waiting.push({ key, generation: String(generation), seq });
    outcomes.set(operator, waiting);
  },
  acknowledged(operator, seq) {
    stream?.acknowledged(operator, seq);
    const waiting = outcomes.get(operator) ?? [];
    while (waiting.length > 0 && waiting[0].seq <= seq) {
      const { key, generation } = waiting.shift()!;
      const { name } = operator;
      applied.push({
        ...{ operator: name, key, generation },
        acknowledgedAt: Date.now(),
      });
    }
  },
};

type Handlers = {
  [C in SwarmCommand]: (
    ask: SwarmCommands[C]['ask'],
  ) => Promise<SwarmCommands[C]['answer']> | SwarmCommands[C]['answer'];
};

const handlers: Handlers = {
  async start(ask) {
    const added = ask.operators.map(each => new LightOperator(each, hooks));
    for (let from = 0; from < added.length; from += ENROLLED_AT_ONCE) {
      const some = added.slice(from, from + ENROLLED_AT_ONCE);
      await Promise.all(some.map(operator => operator.enroll()));
      for (const operator of some) {
        operators.set(operator.name, operator);
        void operator.run(stopping.signal);
      }
    }
    return null;
  },
  openedAt: () => Object.fromEntries(openedAt),
  takeApplied() {
    const taken = applied;
    applied = [];
    return taken;
  },
  async blast({ operators: names, eventsEach }) {
    stream = new EventStream(named(names));
    const seconds = await stream.blast(eventsEach);
    return { events: names.length * eventsEach, seconds };
  },
  async stream({ operators: names, eventsPerSecond, seconds }) {
    stream = new EventStream(named(names));
    return { latenciesMs: await stream.stream(eventsPerSecond, seconds) };
  },
};

function named(names: readonly string[]): LightOperator[] {
  return names.map(name => {
    const operator = operators.get(name);
    if (!operator) {
      throw new Error(`There is no operator ${name}`);
    }
    return operator;
  });
}

type Message = { id: number; command: SwarmCommand; ask: never };

process.on('message', ({ id, command, ask }: Message) => {
  Promise.resolve()
    .then(() => handlers[command](ask))
    .then(
      answer => process.send?.({ id, answer }),
      error => process.send?.({ id, error: String(error) }),
    );
});
process.on('disconnect', () => {
  stopping.abort();
  process.exit(0);
});
