import { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import { MessageInitShape } from '@bufbuild/protobuf';
import { Accepted, ApplyYamlSchema, Digest, HeldState } from '@kubenova/proto';
import { setTimeout as sleep } from 'node:timers/promises';
import { HeldKey } from '../behind/compareDigest';
import { DigestOutcome } from '../behind/operations/recordDigest';
import { UnsentDesiredState } from '../outbox/operations/claimUnsent';
import { BehindWatch } from './BehindWatch';
import { readDigest } from './heldFrames';
import { ProtocolError } from './ProtocolError';

/** The window: frames that are not accepted yet (D4). One object is at most 1.5 MiB. */
export const WINDOW_FRAMES = 64;
export const WINDOW_BYTES = 4 * 1024 * 1024;
const RETRY_MS = 1_000;

/** It has a lane of its own, beside the window (D4). */
const CONFIGURATION = 'cluster/config';

export type ApplyYamlFrame = MessageInitShape<typeof ApplyYamlSchema>;

/** The pump's side of the outbox; all calls check the session's epoch. */
export interface UnsentStates {
  claim(options: {
    underWay: ReadonlyArray<{ key: string; generation: number }>;
    room: { frames: number; bytes: number };
  }): Promise<UnsentDesiredState[]>;
  accept(
    accepted: ReadonlyArray<{ key: string; generation: number }>,
  ): Promise<{ fenced: boolean }>;
  compare(digest: {
    held: readonly HeldKey[];
    leftOut: ReadonlySet<string>;
  }): Promise<DigestOutcome>;
}

interface UnderWay {
  key: string;
  generation: number;
  bytes: number;
}

/**
 * Sends desired state within the window of one session.
 *
 * 1. What the operator accepted is written before its frames leave the window, or it would be claimed and sent once more.
 * 2. Nothing is sent before the first digest of the session was compared: until then it is not known whose word is the last (D9, D10).
 * 3. One loop does all of it, so no step overlaps another one. A digest is compared after what was accepted before it is written.
 * 4. A nudge says only "look again": nudges may be lost, doubled or wrong (S6).
 */
export class DesiredStatePump {
  readonly #states: UnsentStates;
  readonly #send: (frame: ApplyYamlFrame) => void;
  readonly #behind: BehindWatch;
  readonly #fenced: () => void;
  readonly #logger: LoggerService;
  readonly #underWay = new Map<bigint, UnderWay>();
  /** The number under which a key was last sent, where no digest has told of it since. */
  readonly #sentAs = new Map<string, bigint>();
  #accepted: bigint[] = [];
  #lastNumber = 0n;
  /** The newest digest that is not compared yet: it says all that older ones do. */
  #digest: { upToNumber: bigint; held: HeldKey[] } | undefined;
  #mayClaim = false;
  #nudged = false;
  #wake: (() => void) | undefined;

  constructor(options: {
    states: UnsentStates;
    send(frame: ApplyYamlFrame): void;
    behind: BehindWatch;
    fenced(): void;
    logger: LoggerService;
  }) {
    this.#states = options.states;
    this.#send = options.send;
    this.#behind = options.behind;
    this.#fenced = options.fenced;
    this.#logger = options.logger;
  }

  /** Runs until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    const wake = () => this.nudge();
    signal.addEventListener('abort', wake, { once: true });
    this.#nudged = true;
    while (!signal.aborted) {
      await this.#untilNudged();
      if (signal.aborted) {
        break;
      }
      try {
        await this.#writeAccepted();
        await this.#compareDigest();
        if (this.#mayClaim) {
          await this.#behind.run();
          await this.#fillWindow(signal);
        }
      } catch (error) {
        this.#logger.warn(
          'Desired state was not sent and will be tried again',
          toError(error),
        );
        this.#nudged = true;
        await sleep(RETRY_MS, undefined, { signal }).catch(() => {}); // the loop sees the signal
      }
    }
    signal.removeEventListener('abort', wake);
  }

  nudge(): void {
    this.#nudged = true;
    this.#wake?.();
    this.#wake = undefined;
  }

  /** @throws ProtocolError where nothing of that number, key and generation is under way. */
  accepted(frame: Accepted): void {
    const sent = this.#underWay.get(frame.number);
    if (
      sent?.key !== frame.key ||
      BigInt(sent.generation) !== frame.generation ||
      this.#accepted.includes(frame.number)
    ) {
      throw new ProtocolError(
        `ApplyYaml ${frame.number} with generation ${frame.generation} of '${frame.key}' is not waiting to be accepted`,
      );
    }
    this.#accepted.push(frame.number);
    this.nudge();
  }

  /** @throws ProtocolError where it was not asked for, or can't be read. */
  heldState(frame: HeldState): void {
    this.#behind.receive(frame);
    this.nudge();
  }

  /** @throws ProtocolError where it is not a digest of this session. */
  digest(frame: Digest): void {
    if (frame.upToNumber > this.#lastNumber) {
      throw new ProtocolError(
        `The digest includes ApplyYaml ${frame.upToNumber}, which was not sent`,
      );
    }
    this.#digest = { upToNumber: frame.upToNumber, held: readDigest(frame) };
    this.nudge();
  }

  async #untilNudged(): Promise<void> {
    if (!this.#nudged) {
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    }
    this.#nudged = false;
  }

  async #writeAccepted(): Promise<void> {
    const numbers = [...this.#accepted];
    if (numbers.length === 0) {
      return;
    }
    const { fenced } = await this.#states.accept(
      numbers.map(number => this.#underWay.get(number)!),
    );
    if (fenced) {
      this.#fenced();
      return;
    }
    this.#accepted = this.#accepted.slice(numbers.length);
    for (const number of numbers) {
      this.#underWay.delete(number);
    }
  }

  async #compareDigest(): Promise<void> {
    const digest = this.#digest;
    if (!digest) {
      return;
    }
    for (const [key, number] of this.#sentAs) {
      if (number <= digest.upToNumber) {
        this.#sentAs.delete(key);
      }
    }
    const outcome = await this.#states.compare({
      held: digest.held,
      leftOut: new Set(this.#sentAs.keys()),
    });
    if (outcome.outcome === 'fenced') {
      this.#fenced();
      return;
    }
    if (this.#digest === digest) {
      this.#digest = undefined;
    }
    this.#mayClaim = true;
    this.#behind.compared(outcome);
  }

  async #fillWindow(signal: AbortSignal): Promise<void> {
    const underWay = [...this.#underWay.values()];
    const inWindow = underWay.filter(({ key }) => key !== CONFIGURATION);
    const bytes = inWindow.reduce((sum, state) => sum + state.bytes, 0);
    // Also where there is none: the configuration does not wait for room.
    const room = {
      frames: WINDOW_FRAMES - inWindow.length,
      bytes: WINDOW_BYTES - bytes,
    };
    const states = await this.#states.claim({ underWay, room });
    for (const state of states) {
      if (!signal.aborted) {
        this.#sendOne(state);
      }
    }
  }

  #sendOne(state: UnsentDesiredState): void {
    this.#lastNumber += 1n;
    this.#sentAs.set(state.key, this.#lastNumber);
    this.#underWay.set(this.#lastNumber, {
      key: state.key,
      generation: Number(state.generation),
      bytes: state.yaml === null ? 0 : Buffer.byteLength(state.yaml, 'utf8'),
    });
    this.#send(toFrame(state, this.#lastNumber));
  }
}

function toFrame(state: UnsentDesiredState, number: bigint): ApplyYamlFrame {
  const content: ApplyYamlFrame['content'] =
    state.yaml === null
      ? { case: 'tombstone', value: {} }
      : { case: 'yaml', value: Buffer.from(state.yaml, 'utf8') };
  return {
    number,
    key: state.key,
    generation: BigInt(state.generation),
    uid: state.uid,
    sha256: state.sha256 ?? new Uint8Array(),
    content,
  };
}
