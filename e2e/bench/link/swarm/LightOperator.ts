/**
 * An operator without a datacenter: what it is told to apply counts as applied at once. A thousand of them fit one process, and put the
 * load of a thousand real ones on a Manager's link.
 *
 * It reconnects as a real one does: full jitter up to 30 s, anew after 30 s of uptime, without backoff after a Drain (S2, S4).
 */
import { create } from '@bufbuild/protobuf';
import { timestampNow } from '@bufbuild/protobuf/wkt';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { OperatorKey } from '@kubenova/operator/link';
import {
  EventSchema,
  LinkService,
  type ApplyYaml,
  type Challenge,
  type Event,
  type Hello,
  type Welcome,
} from '@kubenova/proto';
import { signedText } from '@kubenova/proto/conformance/index.ts';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { appliedEvents, type EventBody } from './appliedEvents.ts';
import {
  LightSession,
  type SessionEnd,
  type SessionOwner,
} from './LightSession.ts';

const FIRST_CEILING_MS = 1_000;
const LAST_CEILING_MS = 30_000;
const MINIMUM_UPTIME_MS = 30_000;

/** What a light operator is made of: plain data, so that it can be handed to another process. */
export type LightOperatorOptions = {
  name: string;
  novaClusterId: string;
  installationId: string;
  joinToken: string;
  manager: { url: string; ca: string };
};

export type LightOperatorEvents = {
  opened(operator: LightOperator, epoch: bigint): void;
  closed(operator: LightOperator): void;
  /** A desired state came; the outcome has this sequence. */
  applied(operator: LightOperator, frame: ApplyYaml, seq: bigint): void;
  acknowledged(operator: LightOperator, seq: bigint): void;
};

type Held = Pick<ApplyYaml, 'generation' | 'uid' | 'sha256'> & {
  deleted: boolean;
};

export class LightOperator implements SessionOwner {
  readonly name: string;
  readonly #options: LightOperatorOptions;
  readonly #hooks: LightOperatorEvents;
  readonly #key = OperatorKey.generate();
  readonly #processInstance = randomUUID();
  readonly #incarnation = randomUUID();
  readonly #held = new Map<string, Held>();
  /** Its first event is the one after #ackedSeq. */
  readonly #unacknowledged: Event[] = [];
  #applications: Array<Held & { tenant: string; application: string }> = [];
  #assignedSeq = 0n;
  #ackedSeq = 0n;
  #highestEpoch = 0n;
  #session: LightSession | undefined;

  constructor(options: LightOperatorOptions, hooks: LightOperatorEvents) {
    this.name = options.name;
    this.#options = options;
    this.#hooks = hooks;
  }

  async enroll(): Promise<void> {
    const { joinToken, novaClusterId, manager } = this.#options;
    const transport = createGrpcTransport({
      baseUrl: manager.url,
      nodeOptions: { ca: manager.ca },
    });
    const publicKey = this.#key.publicKey();
    await createClient(LinkService, transport).enroll({
      joinToken,
      novaClusterId,
      publicKey,
    });
  }

  /** Keeps a session open until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    let ceilingMs = FIRST_CEILING_MS;
    while (!signal.aborted) {
      this.#session = new LightSession(this);
      const end = await this.#session.run(this.#options.manager, signal);
      this.#session = undefined;
      this.#hooks.closed(this);
      if (end.uptimeMs >= MINIMUM_UPTIME_MS) {
        ceilingMs = FIRST_CEILING_MS;
      }
      await delay(pauseMs(end, ceilingMs), undefined, { signal }).catch(
        () => {}, // the loop sees the signal
      );
      if (end.spreadMs === undefined) {
        ceilingMs = Math.min(2 * ceilingMs, LAST_CEILING_MS);
      }
    }
  }

  /** The applications that it holds. */
  applications() {
    return this.#applications;
  }

  /** Tells of something; the answer is its sequence. */
  put(key: string, body: EventBody): bigint {
    this.#assignedSeq += 1n;
    this.#unacknowledged.push(
      create(EventSchema, {
        seq: this.#assignedSeq,
        key,
        observedAt: timestampNow(),
        body,
      }),
    );
    return this.#assignedSeq;
  }

  /** Sends what was put. */
  flush(): void {
    this.#session?.nudge();
  }

  hello(challenge: Challenge): Omit<Hello, '$typeName'> {
    const { novaClusterId, installationId } = this.#options;
    const claim = {
      novaClusterId,
      processInstance: this.#processInstance,
      incarnation: this.#incarnation,
    };
    const text = signedText(
      {
        signatureOf: 'hello',
        by: 'the present key',
        frame: claim,
        nonce: challenge.nonce,
        clusterId: novaClusterId,
      },
      installationId,
    );
    return {
      protocolVersion: 1,
      capabilities: [],
      ...claim,
      ackedSeq: this.#ackedSeq,
      assignedSeq: this.#assignedSeq,
      operatorVersion: '0.1.0',
      kubernetesVersion: 'v1.36.3',
      signature: this.#key.sign(text),
      highestEpoch: this.#highestEpoch,
      highestGeneration: [...this.#held.values()].reduce(
        (highest, { generation }) =>
          generation > highest ? generation : highest,
        0n,
      ),
    };
  }

  welcomed(welcome: Welcome): void {
    this.#highestEpoch = welcome.epoch;
    this.acknowledged(welcome.ackedSeq);
    this.#hooks.opened(this, welcome.epoch);
  }

  digest() {
    return [...this.#held].map(([key, held]) => ({ key, ...held }));
  }

  apply(frame: ApplyYaml): void {
    const { key, generation, uid, sha256 } = frame;
    const deleted = frame.content.case === 'tombstone';
    this.#held.set(key, { generation, uid, sha256, deleted });
    this.#applications = [...this.#held].flatMap(([held, state]) => {
      const [word, tenant, application] = held.split('/');
      return word === 'applications' && !state.deleted
        ? [{ ...state, tenant, application }]
        : [];
    });
    let seq = 0n;
    for (const event of appliedEvents(frame)) {
      seq = this.put(event.key, event.body);
    }
    this.#hooks.applied(this, frame, seq);
  }

  acknowledged(seq: bigint): void {
    if (seq <= this.#ackedSeq) {
      return;
    }
    this.#unacknowledged.splice(0, Number(seq - this.#ackedSeq));
    this.#ackedSeq = seq;
    this.#hooks.acknowledged(this, seq);
  }

  unacknowledged(afterSeq: bigint, atMost: number): Event[] {
    const from = Number(afterSeq - this.#ackedSeq);
    return this.#unacknowledged.slice(from, from + atMost);
  }
}

function pauseMs(end: SessionEnd, ceilingMs: number): number {
  return Math.random() * (end.spreadMs ?? ceilingMs);
}
