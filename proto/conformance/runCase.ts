/**
 * Runs a transcript: the steps of the scripted side are done, those of the real side awaited.
 *
 * 1. A frame of the real side is compared with the next one of its kind that came on that stream. Frames of different kinds may overtake
 *    one another, but for the three of the opening, which are the first of their stream.
 * 2. What the real side has sent and no step has named fails the case in the end, but for heartbeats and repeated acknowledgements.
 * 3. Nothing here knows a network, a clock or a framework of tests: both runners bring theirs.
 */
import { timestampNow } from '@bufbuild/protobuf/wkt';
import { Bindings, show } from './bindings.ts';
import type {
  ConformanceCase,
  EndCode,
  ManagerAct,
  ManagerWorld,
  OperatorAct,
  OperatorWorld,
  Side,
  Step,
  StrangeFrame,
} from './types.ts';
import { wireEvent } from './wireEvent.ts';

export type AnyFrame = { case: string; value: Record<string, unknown> };

/** The scripted side's end of one stream. */
export type WireStream = {
  /** The cases of all frames that came, in order. */
  readonly seen: readonly string[];
  /** Frames that came and were not taken. */
  readonly waiting: readonly AnyFrame[];
  send(frame: AnyFrame): void;
  sendStrange(frame: StrangeFrame): void;
  /** The next frame of that kind. @throws Error where the stream ends before. */
  take(frame: string): Promise<AnyFrame['value']>;
  /** Resolves when the other side has closed its half, in order. */
  closed(): Promise<void>;
  /** Closes this side's half in order; a Manager may end with another code. */
  close(code?: EndCode): void;
  /** Turns away in the middle. */
  cancel(): void;
  /** Breaks the connection. */
  cut(): void;
  /** How the other side ended the stream: with a code, or by turning away. */
  ended(): Promise<{ code: EndCode; message: string } | 'turned away'>;
};

/** The scripted side. */
export type Wire = {
  /** A scripted operator dials; a scripted Manager waits for the next stream. */
  dial(): Promise<WireStream>;
  /** A scripted operator asks and compares the code; a scripted Manager answers the next one with it. */
  enroll(
    token: 'good' | 'unknown' | 'used by another key',
    code: EndCode,
  ): Promise<void>;
};

/** The real side. */
export type Subject = {
  does(act: OperatorAct | ManagerAct, bindings: Bindings): Promise<void>;
  /** Resolves when the world is so. @throws Error where it does not become so. */
  has(world: OperatorWorld | ManagerWorld): Promise<void>;
};

export type CaseRun = {
  real: Side;
  wire: Wire;
  subject: Subject;
  bindings: Bindings;
};

const OPENING: Record<string, number> = { challenge: 0, hello: 0, welcome: 1 };
const UNASKED = ['heartbeat', 'eventAck'];
const QUIET_HEARTBEATS = 2;

export async function runCase(
  { steps }: ConformanceCase,
  run: CaseRun,
): Promise<void> {
  const streams = new Map<string, WireStream>();
  for (const [index, step] of steps.entries()) {
    try {
      await runStep(step, run, streams);
    } catch (error) {
      throw new Error(
        `Step ${index + 1} (${show(step).slice(0, 200)}): ${
          error instanceof Error ? error.message : error
        }`,
        { cause: error },
      );
    }
  }
  for (const [name, stream] of streams) {
    const left = stream.waiting.filter(frame => !UNASKED.includes(frame.case));
    if (left.length > 0) {
      throw new Error(
        `Came on stream ${name} and is in no step: ${show(left)}`,
      );
    }
  }
}

async function runStep(
  step: Step,
  run: CaseRun,
  streams: Map<string, WireStream>,
): Promise<void> {
  if (step.step === 'does') {
    if (step.side === run.real) {
      await run.subject.does(step.act, run.bindings);
    }
    return;
  }
  if (step.step === 'has') {
    if (step.side === run.real) {
      await run.subject.has(step.world);
    }
    return;
  }
  if (step.step === 'enroll') {
    await run.wire.enroll(step.token, step.code);
    return;
  }
  if (step.step === 'dial') {
    run.bindings.forget('nonce');
    streams.set(step.stream, await run.wire.dial());
    return;
  }
  await runStreamStep(step, run, streams.get(step.stream)!);
}

type StreamStep = Exclude<
  Step,
  { step: 'does' } | { step: 'has' } | { step: 'enroll' } | { step: 'dial' }
>;

async function runStreamStep(
  step: StreamStep,
  run: CaseRun,
  stream: WireStream,
): Promise<void> {
  switch (step.step) {
    case 'frame':
      await (step.from === run.real ? expectFrame : sendFrame)(
        step,
        run,
        stream,
      );
      break;
    case 'strange':
      stream.sendStrange(step.frame);
      break;
    case 'events':
      await (run.real === 'operator' ? expectEvents : sendEvents)(
        step,
        run,
        stream,
      );
      break;
    case 'acked':
      await (run.real === 'manager' ? expectAcked : sendAck)(step, stream);
      break;
    case 'quiet':
      await expectQuiet(step, run, stream);
      break;
    case 'closes':
      await (run.real === 'operator' ? stream.closed() : stream.close());
      break;
    case 'ends':
      await endStream(step, run, stream);
      break;
    case 'cut':
      stream.cut();
      break;
    default:
      throw new Error(`Unknown step ${show(step satisfies never)}`);
  }
}

type FrameStep = Extract<Step, { step: 'frame' }>;
type EventsStep = Extract<Step, { step: 'events' }>;
type AckedStep = Extract<Step, { step: 'acked' }>;
type QuietStep = Extract<Step, { step: 'quiet' }>;
type EndStep = Extract<Step, { step: 'ends' }>;

async function expectFrame(
  { frame }: FrameStep,
  { bindings }: CaseRun,
  stream: WireStream,
): Promise<void> {
  const value = await stream.take(frame.case);
  const place = OPENING[frame.case];
  if (place !== undefined && stream.seen[place] !== frame.case) {
    throw new Error(
      `${frame.case} is not frame ${place} of ${show(stream.seen)}`,
    );
  }
  bindings.match(frame.value, value, frame.case);
}

async function sendFrame(
  { frame }: FrameStep,
  { bindings }: CaseRun,
  stream: WireStream,
): Promise<void> {
  const { signature, ...value } = frame.value as Record<string, unknown>;
  const { signature: otherSignature, ...sent } = (frame.sent ?? {}) as Record<
    string,
    unknown
  >;
  // A signature comes last: it is of what was filled in before.
  const filled = bindings.fill({
    ...value,
    ...sent,
    ...(signature ? { signature: otherSignature ?? signature } : {}),
  });
  stream.send({ case: frame.case, value: filled as AnyFrame['value'] });
}

async function expectEvents(
  { firstSeq, events }: EventsStep,
  { bindings }: CaseRun,
  stream: WireStream,
): Promise<void> {
  const came: unknown[] = [];
  while (came.length < events.length) {
    const batch = await stream.take('eventBatch');
    came.push(...(batch.events as unknown[]));
  }
  const expected = events.map((event, index) => ({
    seq: firstSeq + BigInt(index),
    ...wireEvent(event),
  }));
  bindings.match(expected, came, 'events');
}

async function sendEvents(
  { firstSeq, events }: EventsStep,
  { bindings }: CaseRun,
  stream: WireStream,
): Promise<void> {
  const sent = events.map((event, index) => ({
    seq: firstSeq + BigInt(index),
    observedAt: timestampNow(),
    ...(bindings.fill(wireEvent(event)) as object),
  }));
  stream.send({ case: 'eventBatch', value: { events: sent } });
}

async function expectAcked(step: AckedStep, stream: WireStream): Promise<void> {
  for (let acked = -1n; acked !== step.seq; ) {
    const ack = await stream.take('eventAck');
    acked = ack.ackedSeq as bigint;
    if (acked > step.seq) {
      throw new Error(
        `${acked} is acknowledged, but only ${step.seq} was expected`,
      );
    }
  }
}

async function sendAck(step: AckedStep, stream: WireStream): Promise<void> {
  const { upToSeq = step.seq + 1_000n, upToBytes = 4n * 1024n * 1024n } = step;
  stream.send({
    case: 'eventAck',
    value: {
      ackedSeq: step.seq,
      credit: {
        upToSeq,
        maxBatchBytes: 65_536n,
        upToBytes,
      },
    },
  });
}

async function expectQuiet(
  step: QuietStep,
  { real }: CaseRun,
  stream: WireStream,
): Promise<void> {
  if (step.from !== real) {
    return;
  }
  for (let count = 0; count < QUIET_HEARTBEATS; count += 1) {
    await stream.take('heartbeat');
  }
  if (stream.waiting.some(frame => frame.case === step.frame)) {
    throw new Error(`${step.frame} came: ${show(stream.waiting)}`);
  }
}

async function endStream(
  step: EndStep,
  { real }: CaseRun,
  stream: WireStream,
): Promise<void> {
  if (step.by !== real) {
    if (step.by === 'manager') {
      stream.close(step.code);
    } else {
      stream.cancel();
    }
    return;
  }
  const end = await stream.ended();
  if (step.by === 'operator') {
    if (end !== 'turned away') {
      throw new Error(`The operator did not turn away, but: ${show(end)}`);
    }
  } else if (
    end === 'turned away' ||
    end.code !== step.code ||
    !end.message.includes(step.saying ?? '')
  ) {
    throw new Error(`The stream ended with ${show(end)}`);
  }
}
