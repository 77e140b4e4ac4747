import { Hello } from '@kubenova/proto';
import { setTimeout as sleep } from 'node:timers/promises';
import { signingKeyOf } from './helloSignature';
import { OpenLink, SessionEnd, SessionEndReason } from './SessionState';
import { SessionContext } from './types';

export const PROTOCOL_VERSION = 1;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export type Admission =
  | { admitted: true; link: OpenLink }
  | { admitted: false; end: SessionEnd };

/**
 * Decides about a Hello: what it says, who signed it, and whether the link can be taken.
 *
 * Where another process of the same operator holds the link, it waits for that one's Bye or silence (S1), and gives up when the
 * other one is alive after all. Returns early, refused, when the signal fires.
 */
export async function admit(options: {
  hello: Hello;
  nonce: Uint8Array;
  remoteAddress: string;
  context: SessionContext;
  signal: AbortSignal;
}): Promise<Admission> {
  const { hello, context, signal } = options;
  if (hello.protocolVersion !== PROTOCOL_VERSION) {
    return refused(
      'unsupported_version',
      `This Manager speaks version ${PROTOCOL_VERSION} of the protocol, the operator ${hello.protocolVersion}: upgrade the older one`,
    );
  }
  const ids = [hello.novaClusterId, hello.processInstance, hello.incarnation];
  if (!ids.every(id => UUID.test(id))) {
    return refused(
      'protocol_error',
      'nova_cluster_id, process_instance and incarnation have to be UUIDs in lower case',
    );
  }
  const operator = await context.registry.find(hello.novaClusterId);
  if (!operator) {
    return refused(
      'unknown_operator',
      `No operator is enrolled for the cluster ${hello.novaClusterId}: join it again from its page in the portal`,
    );
  }
  if (operator.keys.length === 0) {
    return operator.revoked
      ? refused(
          'revoked',
          `The key of the operator of ${operator.name} was revoked: make a new join command on the page of the cluster and apply it`,
        )
      : refused(
          'unknown_operator',
          `No operator is enrolled for the cluster ${operator.name}: join it again from its page in the portal`,
        );
  }
  const claim = {
    nonce: options.nonce,
    installationId: context.installationId,
    novaClusterId: hello.novaClusterId,
    processInstance: hello.processInstance,
    incarnation: hello.incarnation,
  };
  const publicKey = signingKeyOf(claim, hello.signature, operator.keys);
  if (!publicKey) {
    return refused(
      'bad_signature',
      `The Hello is not signed with the key that was enrolled for the cluster ${operator.name}`,
    );
  }

  const cluster = { id: operator.clusterId, name: operator.name };
  const giveUpMs = context.clock.monotonicMs() + 1.5 * context.periods.silence;
  for (;;) {
    const taken = await context.lease.open({
      cluster,
      hello,
      remoteAddress: options.remoteAddress,
    });
    if (taken.outcome === 'opened') {
      return { admitted: true, link: taken.link };
    }
    if (signal.aborted || context.clock.monotonicMs() > giveUpMs) {
      return refused(
        'held_elsewhere',
        `Another operator process holds the link of ${operator.name} and is alive: a cluster has one operator`,
      );
    }
    await sleep(context.periods.takeover, undefined, { signal }).catch(
      () => {}, // tried once more, then refused above
    );
  }
}

function refused(reason: SessionEndReason, message: string): Admission {
  return { admitted: false, end: { reason, message } };
}
