/**
 * One stream of a light operator: as the protocol wants it on the wire, with nothing behind it.
 *
 * 1. A sequence is sent when the credit allows it, and kept until it is acknowledged (S5, E6).
 * 2. Silence of three heartbeat intervals ends the stream, as with a real operator (S2).
 * 3. A stream has its own connection (S4).
 */
import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampNow } from '@bufbuild/protobuf/wkt';
import { createClient } from '@connectrpc/connect';
import {
  createGrpcTransport,
  Http2SessionManager,
} from '@connectrpc/connect-node';
import {
  ConnectRequestSchema,
  EventSchema,
  LinkService,
  type ApplyYaml,
  type Challenge,
  type ConnectRequest,
  type ConnectResponse,
  type Credit,
  type DigestEntry,
  type Event,
  type Hello,
  type Welcome,
} from '@kubenova/proto';

/** Events that share a batch fit one HTTP/2 DATA frame. */
const BATCH_EVENTS = 16;
/** More than any credit allows. */
const MOST_IN_FLIGHT = 4_096;
const SILENT_INTERVALS = 3;

type Frame = NonNullable<
  MessageInitShape<typeof ConnectRequestSchema>['frame']
>;

/** How a session came to its end; `spreadMs` where the Manager asked to dial again. */
export type SessionEnd = { uptimeMs: number; spreadMs?: number };

/** What a session asks of its operator. */
export type SessionOwner = {
  hello(challenge: Challenge): Omit<Hello, '$typeName'>;
  welcomed(welcome: Welcome): void;
  digest(): Array<Omit<DigestEntry, '$typeName'>>;
  apply(frame: ApplyYaml): void;
  acknowledged(seq: bigint): void;
  /** Events above a sequence that are not acknowledged, in order. */
  unacknowledged(afterSeq: bigint, atMost: number): Event[];
};

export class LightSession {
  readonly #owner: SessionOwner;
  readonly #outgoing: ConnectRequest[] = [];
  readonly #abort = new AbortController();
  #openedAtMs: number | undefined;
  #spreadMs: number | undefined;
  #isClosing = false;
  #wake: () => void = () => {};
  #heartbeatMs = 5_000;
  #heartbeat: NodeJS.Timeout | undefined;
  #silence: NodeJS.Timeout | undefined;
  #sentSeq = 0n;
  #sentBytes = 0n;
  #credit: Pick<Credit, 'upToSeq' | 'upToBytes'> = {
    upToSeq: 0n,
    upToBytes: 0n,
  };

  constructor(owner: SessionOwner) {
    this.#owner = owner;
  }

  /** Resolves when the stream is over, however it ends. */
  async run(
    manager: { url: string; ca: string },
    signal: AbortSignal,
  ): Promise<SessionEnd> {
    const connection = new Http2SessionManager(
      manager.url,
      {},
      { ca: manager.ca },
    );
    const transport = createGrpcTransport({
      baseUrl: manager.url,
      sessionManager: connection,
    });
    this.#listen();
    try {
      const responses = createClient(LinkService, transport).connect(
        this.#requests(),
        { signal: AbortSignal.any([signal, this.#abort.signal]) },
      );
      for await (const { frame } of responses) {
        this.#listen();
        this.#receive(frame);
      }
    } catch {
      // The Manager went away, or refused: either way the operator dials again.
    } finally {
      clearInterval(this.#heartbeat);
      clearTimeout(this.#silence);
      this.#close();
      connection.abort();
    }
    return {
      uptimeMs: this.#openedAtMs ? performance.now() - this.#openedAtMs : 0,
      spreadMs: this.#spreadMs,
    };
  }

  /** There may be events to send. */
  nudge(): void {
    if (this.#openedAtMs === undefined || this.#isClosing) {
      return;
    }
    const waiting = this.#owner.unacknowledged(this.#sentSeq, MOST_IN_FLIGHT);
    for (let from = 0; from < waiting.length; from += BATCH_EVENTS) {
      const events = waiting
        .slice(from, from + BATCH_EVENTS)
        .filter(event => this.#mayLeave(event));
      if (events.length === 0) {
        return;
      }
      this.#send({ case: 'eventBatch', value: { events } });
    }
  }

  #mayLeave(event: Event): boolean {
    const bytes = BigInt(toBinary(EventSchema, event).byteLength);
    const { upToSeq, upToBytes } = this.#credit;
    const fits =
      event.seq === this.#sentSeq + 1n &&
      event.seq <= upToSeq &&
      (upToBytes === 0n || this.#sentBytes + bytes <= upToBytes);
    if (fits) {
      this.#sentSeq = event.seq;
      this.#sentBytes += bytes;
    }
    return fits;
  }

  #receive(frame: ConnectResponse['frame']): void {
    switch (frame.case) {
      case 'challenge':
        this.#send({ case: 'hello', value: this.#owner.hello(frame.value) });
        break;
      case 'welcome':
        this.#open(frame.value);
        break;
      case 'applyYaml': {
        const { key, generation, number } = frame.value;
        this.#owner.apply(frame.value);
        this.#send({ case: 'accepted', value: { key, generation, number } });
        this.nudge();
        break;
      }
      case 'eventAck':
        this.#owner.acknowledged(frame.value.ackedSeq);
        this.#credit = frame.value.credit ?? this.#credit;
        this.nudge();
        break;
      case 'drain':
        this.#spreadMs = frame.value.spreadMs;
        this.#close();
        break;
      default: // Heartbeats, and what an operator without capabilities is not asked.
        break;
    }
  }

  #open(welcome: Welcome): void {
    this.#openedAtMs = performance.now();
    this.#credit = welcome.credit ?? this.#credit;
    this.#sentSeq = welcome.ackedSeq;
    this.#heartbeatMs = welcome.heartbeatIntervalMs;
    this.#heartbeat = setInterval(
      () =>
        this.#send({ case: 'heartbeat', value: { sentAt: timestampNow() } }),
      this.#heartbeatMs,
    );
    this.#owner.welcomed(welcome);
    this.#send({
      case: 'digest',
      value: { upToNumber: 0n, entries: this.#owner.digest() },
    });
    this.nudge();
  }

  #listen(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(
      () => this.#abort.abort(),
      this.#heartbeatMs * SILENT_INTERVALS,
    );
  }

  #send(frame: Frame): void {
    if (!this.#isClosing) {
      this.#outgoing.push(create(ConnectRequestSchema, { frame }));
      this.#wake();
    }
  }

  #close(): void {
    this.#isClosing = true;
    this.#wake();
  }

  async *#requests(): AsyncGenerator<ConnectRequest> {
    for (;;) {
      const request = this.#outgoing.shift();
      if (request) {
        yield request;
      } else if (this.#isClosing) {
        return;
      } else {
        await new Promise<void>(resolve => {
          this.#wake = resolve;
        });
      }
    }
  }
}
