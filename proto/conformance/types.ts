import type {
  ManagerFrames,
  OperatorFrames,
  Pattern,
  Placeholder,
} from './patterns.ts';

/** Who of the two is the real one in a run. The other one says what the transcript has it say. */
export type Side = 'operator' | 'manager';

/**
 * One case of the protocol: a transcript that both ends have to keep to.
 *
 * The same transcript is run against the real Manager, where the operator's frames are sent and the Manager's are awaited, and against
 * the real operator, where it is the other way round. What one side does of itself (`does`), and the state of its world (`has`), counts
 * in the run in which that side is real, and is passed over in the other one: there its frames are in the transcript.
 */
export type ConformanceCase = {
  /** A sentence. */
  name: string;
  /** The numbers in docs/protocol.md that the case proves; `opening` and `end` are its sections that have no number. */
  rules: readonly string[];
  /** Set where the other side can't be brought to its part of the transcript. */
  only?: { side: Side; because: string };
  /** Periods of the real side that this case shortens. */
  periods?: Periods;
  steps: readonly Step[];
};

/** Milliseconds. */
export type Periods = {
  /** The Manager: until Hello has to have come. */
  hello?: number;
  /** The Manager: silence after which the operator is dead. */
  silence?: number;
  /** The operator: until the session has to be open. */
  opening?: number;
};

/** Codes of gRPC as the table of ends in docs/protocol.md has them. */
export type EndCode =
  | 'OK'
  | 'UNAUTHENTICATED'
  | 'PERMISSION_DENIED'
  | 'NOT_FOUND'
  | 'FAILED_PRECONDITION'
  | 'ALREADY_EXISTS'
  | 'INVALID_ARGUMENT'
  | 'ABORTED'
  | 'DEADLINE_EXCEEDED'
  | 'RESOURCE_EXHAUSTED'
  | 'UNAVAILABLE';

export type OperatorFrame = {
  [C in keyof OperatorFrames]: {
    case: C;
    value: Pattern<OperatorFrames[C]>;
    /** What is sent besides by a scripted operator, and not looked at otherwise. */
    sent?: Pattern<OperatorFrames[C]>;
  };
}[keyof OperatorFrames];

export type ManagerFrame = {
  [C in keyof ManagerFrames]: {
    case: C;
    value: Pattern<ManagerFrames[C]>;
    /** What is sent besides by a scripted Manager, and not looked at otherwise. */
    sent?: Pattern<ManagerFrames[C]>;
  };
}[keyof ManagerFrames];

/** A frame that no version of the protocol so far knows, or none at all. */
export type StrangeFrame = 'unset' | 'unknown';

export type Step =
  /** The operator dials. Streams have names where there is more than one at a time. */
  | { step: 'dial'; stream: string }
  | {
      step: 'enroll';
      token: 'good' | 'unknown' | 'used by another key';
      code: EndCode;
    }
  | { step: 'frame'; stream: string; from: 'operator'; frame: OperatorFrame }
  | { step: 'frame'; stream: string; from: 'manager'; frame: ManagerFrame }
  | { step: 'strange'; stream: string; from: Side; frame: StrangeFrame }
  /** Events with these sequences, in as many batches as the operator likes. */
  | {
      step: 'events';
      stream: string;
      firstSeq: bigint;
      events: readonly Observed[];
    }
  /** Acknowledgements, in as many frames as the Manager likes, until this sequence is acknowledged. */
  | {
      step: 'acked';
      stream: string;
      seq: bigint;
      upToSeq?: bigint;
      upToBytes?: bigint;
    }
  /** That side sends no such frame for the time of two of its heartbeats. */
  | {
      step: 'quiet';
      stream: string;
      from: Side;
      frame: keyof OperatorFrames | keyof ManagerFrames;
    }
  /** The operator closes its half of the stream. */
  | { step: 'closes'; stream: string }
  /** The stream ends: `manager` with a code, `operator` by turning away in the middle. */
  | {
      step: 'ends';
      stream: string;
      by: 'manager';
      code: EndCode;
      saying?: string;
    }
  | { step: 'ends'; stream: string; by: 'operator' }
  /** The network between them breaks. */
  | { step: 'cut'; stream: string }
  | { step: 'does'; side: 'operator'; act: OperatorAct }
  | { step: 'does'; side: 'manager'; act: ManagerAct }
  | { step: 'has'; side: 'operator'; world: OperatorWorld }
  | { step: 'has'; side: 'manager'; world: ManagerWorld };

/** Something that an operator sees and tells, in the words of both ends. */
export type Observed = { record?: boolean } & (
  | { of: 'tenantStatus'; tenant: string; phase: 'Pending' | 'Ready' }
  | {
      of: 'applyResult';
      key: string;
      uid: Placeholder;
      generation: number;
      outcome: 'Applied' | 'Failed' | 'Refused' | 'Deleted';
      message?: string;
    }
  /** An hour of usage; bit n of the number is minute n. */
  | { of: 'usageRecord'; tenant: string; hour: string; minutes: bigint }
  | { of: 'snapshotMark'; id: Placeholder; end: boolean }
  | { of: 'gapRecord'; dropped: bigint }
  /** Made by an operator out of a state that it saw. */
  | { of: 'lifecycleRecord'; id: Placeholder; key: string; step: string }
  /** An event that nobody can read: its body is unset. */
  | { of: 'nothing'; key: string }
);

export type OperatorAct =
  | { act: 'sees'; event: Observed }
  /** Its guard refuses that key from now on. */
  | { act: 'refuses'; key: string; reason: string }
  /** What it is to put into a snapshot. */
  | { act: 'knows'; events: readonly Observed[] }
  /** The process ends in good order. */
  | { act: 'stops' }
  /** Another process on the same journal. */
  | { act: 'starts again' }
  /** The journal becomes the one that it was when it was remembered, or an empty one. */
  | { act: 'remembers its journal' }
  | { act: 'gets its old journal back' }
  | { act: 'loses its journal' };

export type ManagerAct =
  | { act: 'wants'; key: string; uid: Placeholder; yaml: string }
  | { act: 'wants gone'; key: string; uid: Placeholder }
  /** A word that the outbox refuses because the name is still being deleted (D3). */
  | { act: 'may not want'; key: string; uid: Placeholder }
  /** Loses what it committed after this sequence, as a restored database has. */
  | { act: 'forgets events'; after: bigint }
  /** Loses a desired state, as a restored database has. */
  | { act: 'forgets'; key: string }
  /** An administrator decides about everything that the Manager does not know of (D9). */
  | { act: 'decides'; decision: 'adopt' | 'overwrite' }
  /** Asks a live question; its outcome is `asked` in the Manager's world. */
  | { act: 'asks'; method: string }
  /** Wishes for a new key of the operator. */
  | { act: 'wishes for a new key' }
  /** The operator's key is good no more. */
  | { act: 'revokes the key' }
  | { act: 'stops' };

export type OperatorWorld = {
  /** Every desired state that is held and not confirmed as deleted. */
  holds?: ReadonlyArray<{ key: string; generation: number; yaml?: string }>;
  ackedSeq?: number;
  assignedSeq?: number;
  highestEpoch?: number;
  /** The condition Linked. */
  linked?: { status: 'True' | 'False'; reason: string; saying?: string };
};

export type ManagerWorld = {
  desired?: {
    key: string;
    generation?: number;
    /** `null`: nothing is accepted. */
    acceptedGeneration?: number | null;
    outcome?: string;
    deleted?: boolean;
  };
  link?: {
    epoch?: number;
    ackedSeq?: number;
    open?: boolean;
    closeReason?: string;
  };
  /** Tenant states that reached the domains, in order: `acme Ready`. */
  told?: readonly string[];
  /** Keys that somebody has to decide about, the operator having told what it holds of them (D9). */
  behind?: readonly string[];
  /** What became of the question. */
  asked?: { outcome: string; message?: string };
  /** Events that were set aside (E9). */
  parked?: number;
};
