/**
 * Takes desired states from the Manager: guard → store → Accepted.
 *
 * 1. Accepted leaves after the state is durable (D4).
 * 2. What the guard refuses is not stored, and so is not in the digest. It is accepted all the same, so that the Manager's window moves,
 *    and the refusal goes up as an event like any other outcome (E2). A Manager that lost that event sends the state again, and
 *    gets the same answer.
 */
import { Code, ConnectError } from '@connectrpc/connect';
import type { ApplyYaml } from '@kubenova/proto';
import { createHash } from 'node:crypto';
import type { Logger } from '../log/logger.ts';
import type { Clock } from './clock.ts';
import type { FrameQueue } from './FrameQueue.ts';
import type { JournalDesiredStates } from './journal/JournalDesiredStates.ts';
import { readNumber } from './readNumber.ts';
import type { DesiredState, Events, Guard } from './types.ts';

type Reading =
  | { valid: true; state: DesiredState }
  | { valid: false; state: DesiredState; reason: string };

export class DesiredStateReceiver {
  readonly #desiredStates: JournalDesiredStates;
  readonly #events: Events;
  readonly #guard: Guard;
  readonly #queue: FrameQueue;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #lastNumber = 0n;

  constructor(options: {
    desiredStates: JournalDesiredStates;
    events: Events;
    guard: Guard;
    queue: FrameQueue;
    clock: Clock;
    logger: Logger;
  }) {
    this.#desiredStates = options.desiredStates;
    this.#events = options.events;
    this.#guard = options.guard;
    this.#queue = options.queue;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /** The number of the last frame that was accepted in this session; 0 before the first. */
  get lastNumber(): bigint {
    return this.#lastNumber;
  }

  /** @throws ConnectError where the frame has no content, or a generation that no counter reaches. */
  receive(frame: ApplyYaml): void {
    const reading = read(frame);
    const verdict = reading.valid
      ? this.#guard.check(reading.state)
      : { allowed: false as const, reason: reading.reason };
    if (verdict.allowed) {
      this.#store(reading.state);
    } else {
      this.#refuse(reading.state, verdict.reason);
    }
    this.#lastNumber = frame.number;
    this.#queue.push({
      case: 'accepted',
      value: {
        key: frame.key,
        generation: frame.generation,
        number: frame.number,
      },
    });
  }

  #store(state: DesiredState): void {
    const { key, generation } = state;
    const outcome = this.#desiredStates.store(state);
    if (outcome.stored) {
      this.#logger.info('desired state stored', { key, generation });
    } else {
      const { reason } = outcome;
      this.#logger.info('desired state dropped', { key, generation, reason });
    }
  }

  #refuse(state: DesiredState, reason: string): void {
    const { key, uid, generation } = state;
    this.#logger.warn('desired state refused', { key, generation, reason });
    this.#desiredStates.refused(generation);
    this.#events.put({
      key: `apply/${key}`,
      kind: 'state',
      observedAt: this.#clock.now(),
      body: {
        case: 'applyResult',
        value: { key, uid, generation, outcome: 'Refused', message: reason },
      },
    });
  }
}

function read(frame: ApplyYaml): Reading {
  const state = {
    key: frame.key,
    generation: readNumber(frame.generation, 'generation'),
    uid: frame.uid,
  };
  switch (frame.content.case) {
    case 'tombstone':
      return { valid: true, state };
    case 'yaml':
      return readYaml(state, frame.content.value, frame.sha256);
    default:
      throw new ConnectError(
        `The desired state of ${frame.key} has neither YAML nor a tombstone.`,
        Code.InvalidArgument,
      );
  }
}

function readYaml(
  state: DesiredState,
  bytes: Uint8Array,
  sha256: Uint8Array,
): Reading {
  if (!createHash('sha256').update(bytes).digest().equals(sha256)) {
    return {
      valid: false,
      state,
      reason: 'The YAML is not the one that its hash was made of.',
    };
  }
  try {
    const yaml = new TextDecoder('utf-8', {
      fatal: true,
      ignoreBOM: true,
    }).decode(bytes);
    return { valid: true, state: { ...state, yaml } };
  } catch {
    return { valid: false, state, reason: 'The YAML is not UTF-8.' };
  }
}
