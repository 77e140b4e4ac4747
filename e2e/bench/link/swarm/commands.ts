import type { LightOperatorOptions } from './LightOperator.ts';

/** What the process of a swarm is asked, and what it answers. Plain data: it goes between processes. */
export type SwarmCommands = {
  /** Enrols operators and keeps their sessions open from now on. Answered when all of them are enrolled. */
  start: { ask: { operators: LightOperatorOptions[] }; answer: null };
  /** When each operator's present session was opened, in milliseconds of the epoch; those without a session are left out. */
  openedAt: { ask: Record<string, never>; answer: Record<string, number> };
  /** Of each desired state since the last time: when its outcome was acknowledged, in milliseconds of the epoch. */
  takeApplied: {
    ask: Record<string, never>;
    answer: Array<{
      operator: string;
      key: string;
      generation: string;
      acknowledgedAt: number;
    }>;
  };
  /** Status events of what the operators have applied, as fast as the credit allows. Answered when all are acknowledged. */
  blast: {
    ask: { operators: string[]; eventsEach: number };
    answer: { events: number; seconds: number };
  };
  /** The same at a rate, with the time from being sent to being acknowledged. */
  stream: {
    ask: { operators: string[]; eventsPerSecond: number; seconds: number };
    answer: { latenciesMs: number[] };
  };
};

export type SwarmCommand = keyof SwarmCommands;
