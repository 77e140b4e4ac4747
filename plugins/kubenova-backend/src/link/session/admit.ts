import { Hello } from '@kubenova/proto';
import { setTimeout as sleep } from 'node:timers/promises';
import { KnownOperator } from '../types';
import { signingKeyOf } from './helloSignature';
import { OpenLink, SessionEnd, SessionEndReason } from './SessionState';
import { SessionContext } from './types';

export const PROTOCOL_VERSION = 1;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export type Admission = { admitted: true; link: OpenLink } | Refused;

type Refused = { admitted: false; end: SessionEnd };

/** Epochs and generations are far below; above, an addition would lose digits. */
const HIGHEST_COUNTER = BigInt(2 ** 52);

/**
 * Decides about a Hello: what it says, who signed it, and whether the link can be taken. A refusal of a known cluster's operator is
 * written down for the cluster's page, since the operator may be the only one who hears of it otherwise.
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
  const { hello, context } = options;
  const malformed = malformedHello(hello);
  if (malformed) {
    return refused('protocol_error', malformed);
  }
  const operator = await context.registry.find(hello.novaClusterId);
  if (!operator) {
    return refused(
      'unknown_operator',
      `There is no cluster ${hello.novaClusterId}: join it again from its page in the portal`,
    );
  }
  const cluster = { id: operator.clusterId, name: operator.name };
  const signer = identify(operator, options);
  const admission =
    'end' in signer
      ? signer
      : await takeLink(cluster, { ...options, ...signer });
  if (
    !admission.admitted &&
    !options.signal.aborted &&
    context.rates.mayWriteRefusal(cluster.id)
  ) {
    const { end } = admission;
    await context.lease.refuse({
      cluster,
      end,
      remoteAddress: options.remoteAddress,
    });
  }
  return admission;
}

function malformedHello(hello: Hello): string | undefined {
  const ids = [hello.novaClusterId, hello.processInstance, hello.incarnation];
  if (!ids.every(id => UUID.test(id))) {
    return 'nova_cluster_id, process_instance and incarnation have to be UUIDs in lower case';
  }
  const counters = [hello.highestEpoch, hello.highestGeneration];
  if (counters.some(counter => counter > HIGHEST_COUNTER)) {
    return `highest_epoch and highest_generation are at most ${HIGHEST_COUNTER}`;
  }
  return undefined;
}

/** The key that signed the Hello, or why nobody's did. */
function identify(
  operator: KnownOperator,
  options: { hello: Hello; nonce: Uint8Array; context: SessionContext },
): { publicKey: Uint8Array } | Refused {
  const { hello } = options;
  if (hello.protocolVersion !== PROTOCOL_VERSION) {
    return refused(
      'unsupported_version',
      `This Manager speaks version ${PROTOCOL_VERSION} of the protocol, the operator ${hello.protocolVersion}: upgrade the older one`,
    );
  }
  if (operator.keys.length === 0) {
    return operator.revoked
      ? revoked(operator.name)
      : refused(
          'unknown_operator',
          `No operator is enrolled for the cluster ${operator.name}: join it again from its page in the portal`,
        );
  }
  const claim = {
    nonce: options.nonce,
    installationId: options.context.installationId,
    novaClusterId: hello.novaClusterId,
    processInstance: hello.processInstance,
    incarnation: hello.incarnation,
  };
  const publicKey = signingKeyOf(claim, hello.signature, operator.keys);
  return publicKey
    ? { publicKey }
    : refused(
        'bad_signature',
        `The Hello is not signed with the key that was enrolled for the cluster ${operator.name}: if this operator is the right one, make a new join command on the page of the cluster and apply it`,
      );
}

async function takeLink(
  cluster: { id: string; name: string },
  options: {
    hello: Hello;
    publicKey: Uint8Array;
    remoteAddress: string;
    context: SessionContext;
    signal: AbortSignal;
  },
): Promise<Admission> {
  const { hello, publicKey, remoteAddress, context, signal } = options;
  const tooMany = context.rates.sessionOfCluster(cluster.id);
  if (tooMany) {
    return refused('rate_limited', tooMany.message);
  }
  const giveUpMs = context.clock.monotonicMs() + 1.5 * context.periods.silence;
  for (;;) {
    const taken = await context.lease.open({
      cluster,
      hello,
      publicKey,
      remoteAddress,
    });
    if (taken.outcome === 'opened') {
      return { admitted: true, link: taken.link };
    }
    if (taken.outcome === 'spent_key') {
      return revoked(cluster.name);
    }
    if (signal.aborted || context.clock.monotonicMs() > giveUpMs) {
      return refused(
        'held_elsewhere',
        `Another operator process holds the link of ${cluster.name} and is alive: a cluster has one operator`,
      );
    }
    await sleep(context.periods.takeover, undefined, { signal }).catch(
      () => {}, // tried once more, then refused above
    );
  }
}

function revoked(cluster: string): Refused {
  return refused(
    'revoked',
    `The key of the operator of ${cluster} was revoked: make a new join command on the page of the cluster and apply it`,
  );
}

function refused(reason: SessionEndReason, message: string): Refused {
  return { admitted: false, end: { reason, message } };
}
