import { LinkLimits } from '../../settings';
import { addressKey } from './addressKey';
import { Rate, Taken, TokenBuckets } from './TokenBuckets';

/** Keys that each kind of bucket remembers: about 100 bytes each. */
const MAX_KEYS = 20_000;

const UUID_LENGTH = 36;

/** A sentence for whoever asks too often; `undefined` for who may go on. */
export type Refusal = { message: string; retryAfterMs: number } | undefined;

/**
 * How often operators, and those who pretend to be some, may knock at this replica (S7).
 *
 * By address before anything is read or looked up, so that a flood costs next to nothing. By cluster only once a signature has proved who it
 * is: a stranger who knows a cluster's id must not be able to use up its share.
 */
export class RateLimits {
  readonly #enrolments: TokenBuckets;
  readonly #enrolmentsOfCluster: TokenBuckets;
  readonly #manifests: TokenBuckets;
  readonly #sessions: TokenBuckets;
  readonly #sessionsOfCluster: TokenBuckets;
  readonly #writtenRefusals: TokenBuckets;

  constructor(options: { limits: LinkLimits; monotonicMs(): number }) {
    const { limits, monotonicMs } = options;
    const buckets = (rate: Rate) =>
      new TokenBuckets({ rate, maxKeys: MAX_KEYS, monotonicMs });
    this.#enrolments = buckets(limits.enrolmentsPerAddress);
    this.#enrolmentsOfCluster = buckets(limits.enrolmentsPerCluster);
    this.#manifests = buckets(limits.manifestsPerAddress);
    this.#sessions = buckets(limits.sessionsPerAddress);
    this.#sessionsOfCluster = buckets(limits.sessionsPerCluster);
    this.#writtenRefusals = buckets(limits.refusalsWrittenPerCluster);
  }

  /** An Enroll. Who asks is not proved yet: a cluster's share is one for each address. */
  enrolment(request: {
    remoteAddress: string;
    novaClusterId: string;
  }): Refusal {
    const address = addressKey(request.remoteAddress);
    // What is no UUID is refused by the registry; as a key it could be as long as a stranger likes.
    const { novaClusterId: id } = request;
    const cluster = id.length === UUID_LENGTH ? id : 'no cluster';
    return (
      refusal(this.#enrolments.take(address), `enrolments from ${address}`) ??
      refusal(
        this.#enrolmentsOfCluster.take(`${address} ${cluster}`),
        'enrolments of this cluster',
      )
    );
  }

  /** A request for a join manifest. */
  manifest(remoteAddress: string): Refusal {
    const address = addressKey(remoteAddress);
    return refusal(this.#manifests.take(address), `requests from ${address}`);
  }

  /** A stream on which nobody has said who it is. */
  session(remoteAddress: string): Refusal {
    const address = addressKey(remoteAddress);
    return refusal(this.#sessions.take(address), `sessions from ${address}`);
  }

  /** A session whose Hello was signed by the cluster's operator. */
  sessionOfCluster(clusterId: string): Refusal {
    return refusal(
      this.#sessionsOfCluster.take(clusterId),
      'sessions of this cluster',
    );
  }

  /** Whether one more refusal of a cluster's operator is written down, which anybody who knows its id can bring about. */
  mayWriteRefusal(clusterId: string): boolean {
    return this.#writtenRefusals.take(clusterId).taken;
  }
}

function refusal(taken: Taken, what: string): Refusal {
  if (taken.taken) {
    return undefined;
  }
  const { retryAfterMs } = taken;
  const seconds = Math.ceil(retryAfterMs / 1_000);
  return {
    retryAfterMs,
    message: `There were too many ${what}: try again in ${seconds} s. An administrator can raise kubenova.link.limits`,
  };
}
