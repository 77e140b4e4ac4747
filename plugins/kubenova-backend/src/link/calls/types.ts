/** A live question to the operator of a cluster (S8). */
export interface CallRequest {
  clusterId: string;
  /** Such as `ping`. */
  method: string;
  /** The question as the method defines it, at most 1 MiB; empty by default. Kept in clear for as long as the call lasts. */
  payload?: Uint8Array;
  /** How long the whole answer may take, in milliseconds. */
  deadlineMs: number;
  /** Nobody waits any more: the operator is told, and the call ends with the signal's reason. */
  signal?: AbortSignal;
}

/** What became of a question. */
export type CallOutcome =
  | { outcome: 'answered' }
  /** The operator says why it has no answer. */
  | { outcome: 'failed'; message: string }
  /** It was sent, and no end of the answer came: it may have happened, or not. It is never asked again by itself. */
  | { outcome: 'unknown'; message: string }
  /** It was surely not sent: no operator is connected. */
  | {
      outcome: 'not_connected';
      /** Since when; absent where no operator was ever connected. */
      since?: Date;
    }
  /** It was surely not sent: this release of the operator takes no questions. */
  | { outcome: 'unsupported' };

/** What became of a question whose answer fits in memory. */
export type CallAnswer =
  | { outcome: 'answered'; answer: Uint8Array }
  | Exclude<CallOutcome, { outcome: 'answered' }>;

/** Asks operators, whichever replica holds their link. */
export interface Calls {
  /**
   * Yields the parts of the answer as they come and returns what became of it. Parts that are not taken hold the operator back. Whoever
   * stops taking them (`return`), or whose signal fires, cancels the call.
   */
  call(request: CallRequest): AsyncGenerator<Uint8Array, CallOutcome, void>;
  /** The same for an answer that fits in memory: at most 1 MiB, else it has failed. */
  ask(request: CallRequest): Promise<CallAnswer>;
}
