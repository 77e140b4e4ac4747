/** Binds the operator's public key to its join token (S7). */
import type { AttemptOutcome } from './outcome.ts';
import { outcomeOfError } from './outcome.ts';
import type { Identity } from './handshake.ts';
import type { OperatorKey } from './OperatorKey.ts';
import { dial, type ManagerAddress } from './transport.ts';

const ENROLL_TIMEOUT_MS = 15_000;

export type EnrollOutcome =
  | { kind: 'enrolled'; clusterName: string }
  | Extract<AttemptOutcome, { kind: 'refused' | 'retryable' }>;

/** May be repeated: the same token and key are the same enrolment until the token expires. */
export async function enroll(options: {
  manager: ManagerAddress;
  identity: Identity;
  key: OperatorKey;
  joinToken: string;
  signal: AbortSignal;
}): Promise<EnrollOutcome> {
  const { identity, key, joinToken, signal } = options;
  const connection = dial(options.manager);
  try {
    const response = await connection.client.enroll(
      {
        joinToken,
        novaClusterId: identity.clusterId,
        publicKey: key.publicKey(),
      },
      { signal, timeoutMs: ENROLL_TIMEOUT_MS },
    );
    if (response.installationId !== identity.installationId) {
      return {
        kind: 'refused',
        reason: 'OtherInstallation',
        message:
          `The Manager at this address is installation ${response.installationId}, but the join manifest names ` +
          `${identity.installationId}. Apply the manifest of the Manager that this cluster is to join.`,
      };
    }
    return { kind: 'enrolled', clusterName: response.clusterName };
  } catch (error) {
    const outcome = outcomeOfError(error);
    return outcome.kind === 'refused' || outcome.kind === 'retryable'
      ? outcome
      : { kind: 'retryable', reason: outcome.kind };
  } finally {
    connection.close();
  }
}
