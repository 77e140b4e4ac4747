import { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import { CallChunk } from '@kubenova/proto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Frame } from '../session/Outbound';
import { ProtocolError } from '../session/ProtocolError';
import { OpenLink } from '../session/SessionState';
import { ClaimedCall } from './operations/claimCalls';
import { AnswerChunk } from './operations/storeChunks';
import { MAX_JWE_BYTES } from './RecipientKey';

/** The capability of operators that take calls. */
export const CALLS_CAPABILITY = 'calls';
/** Calls that one operator is asked at the same time; others wait for their turn. */
export const MAX_IN_FLIGHT = 16;
/** Calls whose end is still to come though nobody waits for it. Past that the oldest are forgotten. */
const MAX_ABANDONED = 256;
const MAX_ERROR_LENGTH = 1_000;

/** The session's side of the calls in the database; all of it checks the session's epoch. */
export interface CallStates {
  claim(limit: number): Promise<ClaimedCall[]>;
  refuse(): Promise<void>;
  readCredits(ids: readonly string[]): Promise<Map<string, number>>;
  store(chunks: readonly AnswerChunk[]): Promise<void>;
  lose(ids: readonly string[]): Promise<void>;
}

interface InFlight {
  /** Index of the part that has to come next. */
  next: number;
  upToIndex: number;
}

/**
 * The calls of one session: takes them from the database, sends them, and puts the parts of their answers there (S8).
 *
 * 1. A call is claimed before it is sent. Claiming is all that sends one, so none is sent twice.
 * 2. Parts come in order and within the credit, each call's until one is its last. Anything else is a protocol error, and what waits here
 *    to be stored is bounded by the credits.
 * 3. One loop does all of it. A nudge says only "look again": for calls to claim, credits that rose, and rows that are gone, which is how a
 *    call that nobody waits for any more shows.
 * 4. What is not answered when the session ends is told to be lost.
 */
export class SessionCalls {
  readonly #link: OpenLink;
  readonly #states: CallStates;
  readonly #send: (frame: Frame) => void;
  readonly #logger: LoggerService;
  readonly #retryMs: number;
  readonly #claimSignal: AbortSignal;
  readonly #signal: AbortSignal;
  readonly #inFlight = new Map<string, InFlight>();
  readonly #abandoned = new Set<string>();
  readonly #unsaved: AnswerChunk[] = [];
  #nudged = false;
  #working: Promise<void> | undefined;

  constructor(options: {
    link: OpenLink;
    states: CallStates;
    send(frame: Frame): void;
    logger: LoggerService;
    /** Pause after the database failed. */
    retryMs: number;
    /** Ends the taking of calls. */
    claimSignal: AbortSignal;
    /** Ends everything. */
    signal: AbortSignal;
  }) {
    this.#link = options.link;
    this.#states = options.states;
    this.#send = options.send;
    this.#logger = options.logger;
    this.#retryMs = options.retryMs;
    this.#claimSignal = options.claimSignal;
    this.#signal = options.signal;
  }

  nudge(): void {
    this.#nudged = true;
    this.#work();
  }

  /** @throws ProtocolError where no call has such a part to come. */
  receive(chunk: CallChunk): void {
    const isEnd = chunk.last || chunk.error !== '';
    if (this.#abandoned.has(chunk.id)) {
      if (isEnd) {
        this.#abandoned.delete(chunk.id);
      }
      return;
    }
    const call = this.#inFlight.get(chunk.id);
    if (!call) {
      throw new ProtocolError(
        `No Call with the id '${chunk.id}' waits for a part of its answer in this session`,
      );
    }
    if (chunk.error === '') {
      checkPart(chunk, call);
    }
    this.#unsaved.push({
      callId: chunk.id,
      index: call.next,
      jwe: chunk.error === '' ? chunk.payload : new Uint8Array(),
      last: isEnd,
      error: chunk.error === '' ? undefined : asText(chunk.error),
    });
    call.next += 1;
    if (isEnd) {
      this.#inFlight.delete(chunk.id);
      this.#nudged = true; // another call may have waited for its turn
    }
    this.#work();
  }

  /** Returns when what was received is stored, or the signal fired. */
  async settled(): Promise<void> {
    await this.#working;
  }

  /** Returns when nothing runs any more and those who wait for answers know; the signal has to have fired. Does not throw. */
  async stopped(): Promise<void> {
    await this.#working;
    const lost = new Set(this.#unsaved.map(({ callId }) => callId));
    [...this.#inFlight.keys()].forEach(id => lost.add(id));
    if (lost.size > 0) {
      await this.#states
        .lose([...lost])
        .catch(error =>
          this.#logger.warn(
            'Calls are lost, which shows at the latest at their deadline',
            toError(error),
          ),
        );
    }
  }

  #work(): void {
    this.#working ??= this.#run();
  }

  async #run(): Promise<void> {
    while (
      (this.#nudged || this.#unsaved.length > 0) &&
      !this.#signal.aborted
    ) {
      try {
        await this.#store();
        await this.#look();
      } catch (error) {
        this.#nudged = true;
        this.#logger.warn(
          'Calls have to wait for the database',
          toError(error),
        );
        await sleep(this.#retryMs, undefined, { signal: this.#signal }).catch(
          () => {}, // the loop sees the signal
        );
      }
    }
    this.#working = undefined; // in the same turn as the last look at what waits: nothing is left behind
  }

  async #store(): Promise<void> {
    const chunks = [...this.#unsaved];
    if (chunks.length > 0) {
      await this.#states.store(chunks);
      this.#unsaved.splice(0, chunks.length);
    }
  }

  async #look(): Promise<void> {
    if (!this.#nudged) {
      return;
    }
    this.#nudged = false;
    await this.#passCreditsOn();
    const room = MAX_IN_FLIGHT - this.#inFlight.size;
    if (this.#claimSignal.aborted || room <= 0) {
      return;
    }
    if (this.#link.capabilities.includes(CALLS_CAPABILITY)) {
      const calls = await this.#states.claim(room);
      calls.forEach(call => this.#ask(call));
    } else {
      await this.#states.refuse();
    }
  }

  async #passCreditsOn(): Promise<void> {
    const asked = new Map(this.#inFlight); // those that are answered meanwhile are not waited for either
    if (asked.size === 0) {
      return;
    }
    const credits = await this.#states.readCredits([...asked.keys()]);
    for (const [id, call] of asked) {
      const upToIndex = credits.get(id);
      if (!this.#inFlight.has(id)) {
        continue;
      }
      if (upToIndex === undefined) {
        this.#abandon(id);
      } else if (upToIndex > call.upToIndex) {
        call.upToIndex = upToIndex;
        this.#send({ case: 'callCredit', value: { id, upToIndex } });
      }
    }
  }

  #ask(call: ClaimedCall): void {
    const { id, method, payload, recipientKey, upToIndex } = call;
    this.#inFlight.set(id, { next: 0, upToIndex });
    this.#send({
      case: 'call',
      value: {
        id,
        method,
        payload,
        recipientKey,
        upToIndex,
        deadlineMs: call.remainingMs,
      },
    });
  }

  /** What is under way may still come, and is not kept. */
  #abandon(id: string): void {
    this.#inFlight.delete(id);
    this.#abandoned.add(id);
    const [oldest] = this.#abandoned;
    if (this.#abandoned.size > MAX_ABANDONED) {
      this.#abandoned.delete(oldest);
    }
    this.#send({ case: 'callCancel', value: { id } });
  }
}

function checkPart(chunk: CallChunk, call: InFlight): void {
  if (chunk.index !== call.next) {
    throw new ProtocolError(
      `Part ${chunk.index} of the answer to ${chunk.id} came where part ${call.next} was due`,
    );
  }
  if (chunk.index > call.upToIndex) {
    throw new ProtocolError(
      `Part ${chunk.index} of the answer to ${chunk.id} is beyond its credit, which ends with part ${call.upToIndex}`,
    );
  }
  if (chunk.payload.byteLength > MAX_JWE_BYTES) {
    throw new ProtocolError(
      `Part ${chunk.index} of the answer to ${chunk.id} is larger than ${MAX_JWE_BYTES} bytes`,
    );
  }
}

/** As Postgres takes it. */
function asText(error: string): string {
  return error.replaceAll('\0', ' ').slice(0, MAX_ERROR_LENGTH);
}
