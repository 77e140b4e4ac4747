/**
 * What the operator tells Prometheus. Most of it is read from where it is kept when somebody asks; only what passes is counted here.
 */
import Counter from 'prom-client/lib/counter.js';
import Gauge from 'prom-client/lib/gauge.js';
import Registry from 'prom-client/lib/registry.js';
import type { JournalLevel } from '../link/journal/JournalSpace.ts';
import type { LinkPhase } from '../link/LinkState.ts';
import type { AttemptOutcome } from '../link/outcome.ts';
import type { Events, OperatorEvent } from '../link/types.ts';

/** Where the figures are that are kept anyway. */
export type MetricsSources = {
  phase: () => LinkPhase;
  /** Milliseconds since 1970. */
  nowMs: () => number;
  /** In bytes. */
  residentMemory: () => number;
};

type OutcomeCounter = { inc(labels: { outcome: string }): void };
type Collecting = {
  set(value: number): void;
  set(labels: object, value: number): void;
};

const PHASES: ReadonlyArray<LinkPhase['kind']> = [
  'connecting',
  'open',
  'disconnected',
  'refused',
];

export class OperatorMetrics {
  readonly contentType: string;
  readonly #registry = new Registry();
  readonly #sessions: OutcomeCounter;
  readonly #applies: OutcomeCounter;
  /** The last outcome of each key: a snapshot tells it again, and that is no other apply. */
  readonly #applied = new Map<string, string>();
  #journal: (() => JournalLevel) | undefined;

  constructor(sources: MetricsSources) {
    const registers = [this.#registry];
    this.contentType = this.#registry.contentType;
    this.#sessions = new Counter({
      name: 'kubenova_operator_sessions_ended_total',
      help: 'Attempts at a session with the Manager that are over, by how they ended; each is followed by another one',
      labelNames: ['outcome'],
      registers,
    });
    this.#applies = new Counter({
      name: 'kubenova_operator_applies_total',
      help: 'What became of desired states, by outcome',
      labelNames: ['outcome'],
      registers,
    });
    this.#observe('link_state', 'Whether the link is in this state', {
      labelNames: ['state'],
      collect() {
        const { kind } = sources.phase();
        PHASES.forEach(state => this.set({ state }, state === kind ? 1 : 0));
      },
    });
    this.#observe('resident_memory_bytes', 'Memory of the process', {
      collect() {
        this.set(sources.residentMemory());
      },
    });
    this.#observeJournal(sources.nowMs);
  }

  /** In Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** From where the figures of the journal come; absent while this process has none, as without the Lease. */
  readJournal(level: (() => JournalLevel) | undefined): void {
    this.#journal = level;
  }

  sessionEnded({ kind }: AttemptOutcome): void {
    this.#sessions.inc({ outcome: kind });
  }

  /** The same events, with results of applies counted on their way into the journal. */
  counting(events: Events): Events {
    return {
      put: event => {
        events.put(event);
        this.#count(event);
      },
    };
  }

  #count({ key, body }: OperatorEvent): void {
    if (body.case !== 'applyResult') {
      return;
    }
    const { generation, outcome } = body.value;
    const result = `${generation} ${outcome}`;
    if (this.#applied.get(key) !== result) {
      this.#applies.inc({ outcome });
    }
    // What is gone tells nothing more, and its name would stay for good.
    if (outcome === 'Deleted') {
      this.#applied.delete(key);
    } else {
      this.#applied.set(key, result);
    }
  }

  #observeJournal(nowMs: () => number): void {
    const level = () => this.#journal?.();
    const figures: Array<[string, string, (level: JournalLevel) => number]> = [
      ['journal_depth', 'Events not acknowledged', ({ depth }) => depth],
      [
        'journal_age_seconds',
        'How long the oldest of them has waited',
        ({ oldestAtMs }) =>
          oldestAtMs === undefined
            ? 0
            : Math.max(0, nowMs() - oldestAtMs) / 1000,
      ],
      ['journal_bytes', 'What all events take', ({ bytes }) => bytes],
      [
        'journal_budget_bytes',
        'What they may take',
        ({ budgetBytes }) => budgetBytes,
      ],
    ];
    for (const [name, help, read] of figures) {
      this.#observe(name, help, {
        collect() {
          const now = level();
          if (now) {
            this.set(read(now));
          }
        },
      });
    }
  }

  #observe(
    name: string,
    help: string,
    options: { labelNames?: string[]; collect(this: Collecting): void },
  ): void {
    const full = `kubenova_operator_${name}`;
    const gauge = new Gauge({ name: full, help, registers: [], ...options });
    this.#registry.registerMetric(gauge);
  }
}
