import { MessageInitShape } from '@bufbuild/protobuf';
import {
  HeldRequestSchema,
  HeldState as HeldStateFrame,
} from '@kubenova/proto';
import { HeldState } from '../behind/operations/recordHeldStates';
import { readHeldState } from './heldFrames';
import { ProtocolError } from './ProtocolError';

/** How many states are asked for at a time: each may have 1.5 MiB, and all may be waiting to be written. The wire allows 64. */
export const HELD_REQUEST_KEYS = 8;

/**
 * Asks an operator what it holds of the keys of which the Manager lost its past (D9).
 *
 * 1. One request is under way at a time, and the next one is sent when the answers of the one before are written.
 * 2. An answer stays here until it is written.
 * 3. What nobody asked for is a protocol error.
 */
export class HeldStateRequests {
  readonly #send: (frame: MessageInitShape<typeof HeldRequestSchema>) => void;
  readonly #keep: (states: readonly HeldState[]) => Promise<void>;
  #wanted: string[] = [];
  readonly #asked = new Set<string>();
  #told: HeldState[] = [];

  constructor(options: {
    send(frame: MessageInitShape<typeof HeldRequestSchema>): void;
    keep(states: readonly HeldState[]): Promise<void>;
  }) {
    this.#send = options.send;
    this.#keep = options.keep;
  }

  /** Replaces what was wanted before and is not asked for yet. */
  want(keys: readonly string[]): void {
    this.#wanted = keys.filter(key => !this.#asked.has(key));
  }

  /** @throws ProtocolError where it was not asked for, or can't be read. */
  receive(frame: HeldStateFrame): void {
    if (!this.#asked.delete(frame.key)) {
      throw new ProtocolError(`Nobody asked what is held of '${frame.key}'`);
    }
    this.#told.push(readHeldState(frame));
  }

  /** Writes what was told, and asks for more. */
  async run(): Promise<void> {
    const told = [...this.#told];
    if (told.length > 0) {
      await this.#keep(told);
      this.#told = this.#told.slice(told.length);
    }
    const isOver = this.#asked.size === 0 && this.#told.length === 0;
    const keys = isOver ? this.#wanted.splice(0, HELD_REQUEST_KEYS) : [];
    if (keys.length > 0) {
      keys.forEach(key => this.#asked.add(key));
      this.#send({ keys });
    }
  }
}
