/** The Manager's end of one session, moved by a test. */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  ConnectResponseSchema,
  type ConnectRequest,
  type ConnectResponse,
  type Event,
  type Hello,
} from '@kubenova/proto';
import { createHash } from 'node:crypto';

export type RequestFrame = ConnectRequest['frame'];
export type FrameCase = NonNullable<RequestFrame['case']>;
export type FrameOf<C extends FrameCase> = Extract<
  RequestFrame,
  { case: C }
>['value'];
type ResponseFrame = NonNullable<
  MessageInitShape<typeof ConnectResponseSchema>['frame']
>;

export class ScriptedSession {
  readonly hello: Hello;
  /** Every frame after Hello, in the order of arrival. */
  readonly received: RequestFrame[] = [];
  readonly #outgoing: ConnectResponse[] = [];
  readonly #onFrame: (frame: RequestFrame) => void;
  #number = 0n;
  #over = false;
  #wakeSender: () => void = () => {};
  #watchers = new Set<() => void>();

  constructor(options: {
    hello: Hello;
    onFrame: (session: ScriptedSession, frame: RequestFrame) => void;
  }) {
    this.hello = options.hello;
    this.#onFrame = frame => options.onFrame(this, frame);
  }

  /** The operator has closed its half, or the stream broke. */
  get over(): boolean {
    return this.#over;
  }

  events(): Event[] {
    return this.frames('eventBatch').flatMap(batch => batch.events);
  }

  frames<C extends FrameCase>(wanted: C): Array<FrameOf<C>> {
    return this.received
      .filter(frame => frame.case === wanted)
      .map(frame => frame.value as FrameOf<C>);
  }

  send(frame: ResponseFrame): void {
    this.#outgoing.push(create(ConnectResponseSchema, { frame }));
    this.#wakeSender();
  }

  /** Sends a desired state; without yaml, a tombstone. */
  apply(state: {
    key: string;
    generation: number;
    uid?: string;
    yaml?: string;
    sha256?: Uint8Array;
  }): void {
    const yaml = state.yaml === undefined ? undefined : Buffer.from(state.yaml);
    this.#number += 1n;
    this.send({
      case: 'applyYaml',
      value: {
        number: this.#number,
        key: state.key,
        generation: BigInt(state.generation),
        uid: state.uid ?? 'uid-1',
        sha256:
          state.sha256 ??
          (yaml ? createHash('sha256').update(yaml).digest() : undefined),
        content: yaml
          ? { case: 'yaml', value: yaml }
          : { case: 'tombstone', value: {} },
      },
    });
  }

  acknowledge(seq: number | bigint, upToSeq = 1_000_000, upToBytes = 0): void {
    this.send({
      case: 'eventAck',
      value: {
        ackedSeq: BigInt(seq),
        credit: {
          upToSeq: BigInt(upToSeq),
          maxBatchBytes: 65_536n,
          upToBytes: BigInt(upToBytes),
        },
      },
    });
  }

  /** Resolves when the condition holds; it is looked at after each frame. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>(resolve => {
        const watcher = () => {
          this.#watchers.delete(watcher);
          resolve();
        };
        this.#watchers.add(watcher);
      });
    }
  }

  /** The first frame of a kind that satisfies the test, now or later. */
  async frame<C extends FrameCase>(
    wanted: C,
    test: (value: FrameOf<C>) => boolean = () => true,
  ): Promise<FrameOf<C>> {
    await this.until(() => this.frames(wanted).some(test));
    return this.frames(wanted).find(test)!;
  }

  /** Takes what the operator sends, until it closes its half. */
  async consume(requests: AsyncIterator<ConnectRequest>): Promise<void> {
    try {
      for (;;) {
        const next = await requests.next();
        if (next.done) {
          return;
        }
        this.received.push(next.value.frame);
        this.#onFrame(next.value.frame);
        this.#changed();
      }
    } catch {
      // The connection is gone: for a test that is how a session ends.
    } finally {
      this.#over = true;
      this.#wakeSender();
      this.#changed();
    }
  }

  /** What a test sends, until the operator has closed its half. */
  async *outgoing(): AsyncGenerator<ConnectResponse> {
    for (;;) {
      const next = this.#outgoing.shift();
      if (next) {
        yield next;
      } else if (this.#over) {
        return;
      } else {
        await new Promise<void>(resolve => {
          this.#wakeSender = resolve;
        });
      }
    }
  }

  #changed(): void {
    [...this.#watchers].forEach(watcher => watcher());
  }
}
