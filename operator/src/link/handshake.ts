/**
 * The opening of a session: Challenge → signed Hello → Welcome. No other frame may come before these three.
 */
import { ConnectError, Code } from '@connectrpc/connect';
import type {
  Challenge,
  ConnectResponse,
  Hello,
  Welcome,
} from '@kubenova/proto';
import type { FrameQueue } from './FrameQueue.ts';
import type { OperatorKey } from './OperatorKey.ts';
import { SessionEnd } from './outcome.ts';

export const PROTOCOL_VERSION = 1;
/** Optional parts of the protocol that this operator has. */
const CAPABILITIES = ['calls', 'held-states', 'key-rotation'];

/** Who opens the session. */
export type Identity = {
  /** novaClusterID: a UUID. */
  clusterId: string;
  /** The Manager's UUID, from the join manifest. */
  installationId: string;
  /** A UUID made at each start of the process (S1). */
  processInstance: string;
  operatorVersion: string;
  kubernetesVersion: string;
};

/** What the journal says of itself in Hello. */
export type JournalHead = {
  incarnation: string;
  ackedSeq: number;
  assignedSeq: number;
  highestEpoch: number;
  highestGeneration: number;
};

/** @throws SessionEnd where another Manager answers, ConnectError where the frames are not those of an opening. */
export async function openSession(options: {
  responses: AsyncIterator<ConnectResponse>;
  queue: FrameQueue;
  key: OperatorKey;
  identity: Identity;
  head: JournalHead;
}): Promise<Welcome> {
  const { responses, queue, identity } = options;
  const challenge = expectFrame('challenge', await nextFrame(responses));
  if (challenge.installationId !== identity.installationId) {
    throw new SessionEnd({
      kind: 'refused',
      reason: 'OtherInstallation',
      message:
        `The Manager at this address is installation ${challenge.installationId}, but this cluster was joined to ` +
        `${identity.installationId}. Join the cluster anew, or correct NOVA_MANAGER_URL.`,
    });
  }
  queue.push({ case: 'hello', value: hello({ ...options, challenge }) });
  return expectFrame('welcome', await nextFrame(responses));
}

function hello(options: {
  challenge: Challenge;
  key: OperatorKey;
  identity: Identity;
  head: JournalHead;
}): Omit<Hello, '$typeName'> {
  const { challenge, key, identity, head } = options;
  return {
    protocolVersion: PROTOCOL_VERSION,
    capabilities: CAPABILITIES,
    novaClusterId: identity.clusterId,
    processInstance: identity.processInstance,
    incarnation: head.incarnation,
    ackedSeq: BigInt(head.ackedSeq),
    assignedSeq: BigInt(head.assignedSeq),
    operatorVersion: identity.operatorVersion,
    kubernetesVersion: identity.kubernetesVersion,
    highestEpoch: BigInt(head.highestEpoch),
    highestGeneration: BigInt(head.highestGeneration),
    signature: key.sign(
      signedText({
        nonce: challenge.nonce,
        installationId: identity.installationId,
        clusterId: identity.clusterId,
        processInstance: identity.processInstance,
        incarnation: head.incarnation,
      }),
    ),
  };
}

/** What is signed: lines, each ended by a line feed, as link.proto defines them. */
export function signedText(claims: {
  nonce: Uint8Array;
  installationId: string;
  clusterId: string;
  processInstance: string;
  incarnation: string;
}): Uint8Array {
  const lines = [
    'kubenova.link.v1.Hello',
    Buffer.from(claims.nonce).toString('hex'),
    claims.installationId,
    claims.clusterId,
    claims.processInstance,
    claims.incarnation,
  ];
  return Buffer.from(lines.map(line => `${line}\n`).join(''), 'utf8');
}

async function nextFrame(
  responses: AsyncIterator<ConnectResponse>,
): Promise<ConnectResponse['frame']> {
  const result = await responses.next();
  if (result.done) {
    throw new ConnectError(
      'The Manager ended the stream before it was open.',
      Code.Unavailable,
    );
  }
  return result.value.frame;
}

type FrameCase = NonNullable<ConnectResponse['frame']['case']>;
type FrameValue<C extends FrameCase> = Extract<
  ConnectResponse['frame'],
  { case: C }
>['value'];

function expectFrame<C extends FrameCase>(
  expected: C,
  frame: ConnectResponse['frame'],
): FrameValue<C> {
  if (frame.case !== expected) {
    throw new ConnectError(
      `The Manager sent ${
        frame.case ?? 'an unknown frame'
      } where ${expected} was due.`,
      Code.InvalidArgument,
    );
  }
  return frame.value as FrameValue<C>;
}
