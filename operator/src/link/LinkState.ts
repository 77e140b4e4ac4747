/** How the link is, as a condition that people see. */
import type { DateTime } from 'luxon';
import type { Clock } from './clock.ts';
import type { Condition, ConditionSource } from './types.ts';

export type LinkPhase =
  | { kind: 'connecting' }
  | { kind: 'open' }
  | { kind: 'disconnected'; reason: string }
  | { kind: 'refused'; reason: string; message: string };

export class LinkState implements ConditionSource {
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  #phase: LinkPhase = { kind: 'connecting' };
  #condition: Condition & { lastTransitionAt: DateTime };

  constructor(options: { clock: Clock }) {
    this.#clock = options.clock;
    this.#condition = {
      type: 'Linked',
      status: 'False',
      reason: 'Connecting',
      message: 'The first session is not open yet.',
      lastTransitionAt: this.#clock.now(),
    };
  }

  get phase(): LinkPhase {
    return this.#phase;
  }

  condition(): Condition {
    return this.#condition;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  set(phase: LinkPhase): void {
    this.#phase = phase;
    // Another attempt says nothing new: what is known of the last one stays.
    if (phase.kind === 'connecting') {
      return;
    }
    const next = describe(phase);
    const { status, reason, message } = this.#condition;
    if (
      next.status === status &&
      next.reason === reason &&
      next.message === message
    ) {
      return;
    }
    this.#condition = {
      type: 'Linked',
      ...next,
      lastTransitionAt:
        next.status === status
          ? this.#condition.lastTransitionAt
          : this.#clock.now(),
    };
    this.#listeners.forEach(listener => listener());
  }
}

function describe(
  phase: Exclude<LinkPhase, { kind: 'connecting' }>,
): Pick<Condition, 'status' | 'reason' | 'message'> {
  switch (phase.kind) {
    case 'open':
      return {
        status: 'True',
        reason: 'Connected',
        message: 'A session with the Manager is open.',
      };
    case 'disconnected':
      return {
        status: 'False',
        reason: 'Disconnected',
        message: `${phase.reason} The operator dials again on its own.`,
      };
    case 'refused':
      return {
        status: 'False',
        reason: phase.reason,
        message: `The Manager refused this operator: ${phase.message} It asks again every 5 minutes.`,
      };
    default:
      throw new Error(`unknown phase ${phase satisfies never}`);
  }
}
