/** Values by which a figure is told apart. Few and fixed: clusters and keys are in the logs and on the pages. */
export type SpanAttributes = Record<string, string | number | boolean>;

/** What waits to be accepted by operators. */
export interface OutboxBacklog {
  /** Desired states. */
  depth: number;
  /** How long the oldest of them has waited; 0 where none does. */
  ageSeconds: number;
}

/**
 * What the link tells of itself to those who watch it: how many, how long and how it ended; never what was in it. docs/observability.md has
 * the names under which it comes out.
 */
export interface LinkTelemetry {
  /** A session has got its link. */
  sessionOpened(): void;
  sessionEnded(end: {
    /** One of SessionEndReason. */
    reason: string;
    /** Whether it ever had its link. */
    opened: boolean;
    seconds: number;
  }): void;
  /** @param frame.type - its case in the contract, such as `eventBatch`; `unset` where it has none */
  frame(frame: { type: string; direction: 'receive' | 'transmit' }): void;
  /** A transaction of the ingest has committed. */
  committed(commit: {
    events: number;
    sessions: number;
    seconds: number;
    /** From when each event was observed, by its operator's clock, to the commit. */
    lagSeconds: readonly number[];
  }): void;
  /** Events were set aside (E9). */
  parked(events: number): void;
  /** @param call.outcome - one of CallOutcome, or `cancelled` */
  called(call: { method: string; outcome: string; seconds: number }): void;
  /** @param outcome - `enrolled`, or why not */
  enrolled(outcome: string): void;
  /** Asks for the backlog whenever somebody wants to know it, until the signal fires. */
  observeOutbox(read: () => Promise<OutboxBacklog>, signal: AbortSignal): void;
  /** Runs something as one step of a trace. */
  span<T>(
    name: string,
    attributes: SpanAttributes,
    run: () => Promise<T>,
  ): Promise<T>;
}

/** Tells nobody anything. */
export const noLinkTelemetry: LinkTelemetry = {
  sessionOpened() {},
  sessionEnded() {},
  frame() {},
  committed() {},
  parked() {},
  called() {},
  enrolled() {},
  observeOutbox() {},
  span: (_name, _attributes, run) => run(),
};
