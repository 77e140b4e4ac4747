import { create } from '@bufbuild/protobuf';
import { HelloSchema } from '@kubenova/proto';
import {
  OpenLink,
  SessionInput,
  SessionState,
  transition,
} from './SessionState';

const hello = create(HelloSchema, {});
const link: OpenLink = {
  clusterId: 'c',
  clusterName: 'fra1',
  novaClusterId: 'n',
  incarnation: 'i',
  epoch: 1,
  ackedSeq: 0n,
  snapshotDue: false,
  publicKey: new Uint8Array(),
  capabilities: [],
};
const order = { spreadMs: 5_000, reason: 'This replica is stopping' };
const end = { reason: 'silent', message: 'Nothing was heard' } as const;

const states: Record<SessionState['name'], SessionState> = {
  challenged: { name: 'challenged' },
  opening: { name: 'opening', hello },
  open: { name: 'open', link },
  draining: { name: 'draining', link, order },
  ended: { name: 'ended', end },
};
const inputs: Record<SessionInput['type'], SessionInput> = {
  hello: { type: 'hello', hello },
  opened: { type: 'opened', link },
  drain: { type: 'drain', order },
  end: { type: 'end', end },
};

describe('transition', () => {
  it.each([
    ['challenged', 'hello', 'opening'],
    ['challenged', 'opened', 'ended: protocol_error'],
    ['challenged', 'drain', 'ended: drained'],
    ['challenged', 'end', 'ended: silent'],
    ['opening', 'hello', 'ended: protocol_error'],
    ['opening', 'opened', 'open'],
    ['opening', 'drain', 'ended: drained'],
    ['opening', 'end', 'ended: silent'],
    ['open', 'hello', 'ended: protocol_error'],
    ['open', 'opened', 'ended: protocol_error'],
    ['open', 'drain', 'draining'],
    ['open', 'end', 'ended: silent'],
    ['draining', 'hello', 'ended: protocol_error'],
    ['draining', 'opened', 'ended: protocol_error'],
    ['draining', 'drain', 'draining'],
    ['draining', 'end', 'ended: silent'],
  ] as const)('leads from %s by %s to %s', (from, by, to) => {
    const next = transition(states[from], inputs[by]);
    expect(
      next.name === 'ended' ? `ended: ${next.end.reason}` : next.name,
    ).toBe(to);
  });

  it.each(Object.values(inputs))('leads nowhere from an end', input => {
    expect(transition(states.ended, input)).toBe(states.ended);
  });
});
