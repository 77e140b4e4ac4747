/** The words that transcripts are written in. A stream that is not named is `a`. */
import type { DigestEntry } from '../src/index.ts';
import {
  atLeast,
  bytes,
  uuid,
  type ManagerFrames,
  type OperatorFrames,
  type Pattern,
} from './patterns.ts';
import type {
  EndCode,
  ManagerAct,
  ManagerWorld,
  Observed,
  OperatorAct,
  OperatorWorld,
  Side,
  Step,
  StrangeFrame,
} from './types.ts';

const ONLY_STREAM = 'a';
/** What a scripted Manager asks for: two of them are a quiet time. */
const HEARTBEAT_MS = 500;
/** What a scripted Manager gives: more than any case needs. */
const CREDIT = {
  upToSeq: 1_000n,
  maxBatchBytes: 65_536n,
  upToBytes: 4n * 1024n * 1024n,
};

/** The words for one stream. */
export function stream(name: string) {
  return {
    dial: (): Step => ({ step: 'dial', stream: name }),

    operator: <C extends keyof OperatorFrames>(
      frame: C,
      value: Pattern<OperatorFrames[C]> = {} as Pattern<OperatorFrames[C]>,
      sent?: Pattern<OperatorFrames[C]>,
    ) =>
      ({
        step: 'frame',
        stream: name,
        from: 'operator',
        frame: { case: frame, value, sent },
      } as Step),

    manager: <C extends keyof ManagerFrames>(
      frame: C,
      value: Pattern<ManagerFrames[C]> = {} as Pattern<ManagerFrames[C]>,
      sent?: Pattern<ManagerFrames[C]>,
    ) =>
      ({
        step: 'frame',
        stream: name,
        from: 'manager',
        frame: { case: frame, value, sent },
      } as Step),

    strange: (from: Side, frame: StrangeFrame): Step => ({
      step: 'strange',
      stream: name,
      from,
      frame,
    }),

    events: (firstSeq: bigint, events: readonly Observed[]): Step => ({
      step: 'events',
      stream: name,
      firstSeq,
      events,
    }),

    acked: (
      seq: bigint,
      credit: { upToSeq?: bigint; upToBytes?: bigint } = {},
    ): Step => ({ step: 'acked', stream: name, seq, ...credit }),

    quiet: (
      from: Side,
      frame: keyof OperatorFrames | keyof ManagerFrames,
    ): Step => ({ step: 'quiet', stream: name, from, frame }),

    closes: (): Step => ({ step: 'closes', stream: name }),

    ends: (code: EndCode, words?: string): Step => ({
      step: 'ends',
      stream: name,
      by: 'manager',
      code,
      saying: words,
    }),

    turnsAway: (): Step => ({ step: 'ends', stream: name, by: 'operator' }),

    cut: (): Step => ({ step: 'cut', stream: name }),

    challenge: (): Step =>
      stream(name).manager('challenge', {
        nonce: bytes('nonce'),
        installationId: uuid('installation'),
      }),

    hello: (
      claims: Pattern<OperatorFrames['hello']> = {},
      sent: Pattern<OperatorFrames['hello']> = {},
    ): Step =>
      stream(name).operator(
        'hello',
        {
          novaClusterId: uuid('cluster'),
          processInstance: uuid('process'),
          incarnation: uuid('journal'),
          signature: { signatureOf: 'hello', by: 'the present key' },
          ...claims,
        },
        {
          protocolVersion: 1,
          capabilities: ['calls', 'held-states', 'key-rotation'],
          operatorVersion: '0.1.0',
          kubernetesVersion: 'v1.36.3',
          ...sent,
        },
      ),

    welcome: (
      epoch: bigint,
      ackedSeq: bigint,
      sent: Pattern<ManagerFrames['welcome']> = {},
    ): Step =>
      stream(name).manager(
        'welcome',
        { epoch, ackedSeq, credit: { upToSeq: atLeast(ackedSeq) } },
        { credit: CREDIT, heartbeatIntervalMs: HEARTBEAT_MS, ...sent },
      ),
  };
}

export const {
  dial,
  operator,
  manager,
  strange,
  events,
  acked,
  quiet,
  closes,
  ends,
  turnsAway,
  cut,
  challenge,
  hello,
  welcome,
} = stream(ONLY_STREAM);

export const operatorDoes = (act: OperatorAct): Step => ({
  step: 'does',
  side: 'operator',
  act,
});
export const managerDoes = (act: ManagerAct): Step => ({
  step: 'does',
  side: 'manager',
  act,
});
export const operatorHas = (world: OperatorWorld): Step => ({
  step: 'has',
  side: 'operator',
  world,
});
export const managerHas = (world: ManagerWorld): Step => ({
  step: 'has',
  side: 'manager',
  world,
});

export const snapshotMarks = (
  name: string,
  between: readonly Observed[] = [],
): Observed[] => [
  { of: 'snapshotMark', id: uuid(name), end: false },
  ...between,
  { of: 'snapshotMark', id: uuid(name), end: true },
];

/**
 * The first session of an operator, up to where it is open and at rest: the Manager, which does not know the journal yet, has asked for a
 * snapshot (E7), and both its marks, the events 1 and 2, are acknowledged.
 */
export const firstSession = (
  options: {
    upToSeq?: bigint;
    upToBytes?: bigint;
    heartbeatIntervalMs?: number;
    highestGeneration?: bigint;
  } = {},
): Step[] => {
  const { upToSeq = CREDIT.upToSeq, heartbeatIntervalMs = HEARTBEAT_MS } =
    options;
  return [
    dial(),
    challenge(),
    hello({}, { highestGeneration: options.highestGeneration ?? 0n }),
    welcome(1n, 0n, {
      credit: {
        ...CREDIT,
        upToSeq,
        upToBytes: options.upToBytes ?? CREDIT.upToBytes,
      },
      heartbeatIntervalMs,
    }),
    manager('snapshotRequest', { id: uuid('snapshot'), keys: [] }),
    operator('digest', { upToNumber: 0n, entries: [] }),
    events(1n, snapshotMarks('snapshot')),
    acked(2n, { upToSeq, upToBytes: options.upToBytes }),
    operatorHas({ ackedSeq: 2 }),
  ];
};

/** A further session of the same process and the same journal; its digest is awaited or sent where `held` is given. */
export const nextSession = (options: {
  epoch: bigint;
  ackedSeq: bigint;
  held?: ReadonlyArray<Pattern<DigestEntry>>;
}): Step[] => [
  dial(),
  challenge(),
  hello(
    { ackedSeq: options.ackedSeq, highestEpoch: options.epoch - 1n },
    { assignedSeq: options.ackedSeq },
  ),
  welcome(options.epoch, options.ackedSeq),
  operator('digest', { upToNumber: 0n, entries: options.held ?? [] }),
];

export const tenant = (
  name: string,
  phase: 'Pending' | 'Ready' = 'Ready',
): Observed => ({ of: 'tenantStatus', tenant: name, phase });

export const tenantRecord = (name: string): Observed => ({
  ...tenant(name),
  record: true,
});
