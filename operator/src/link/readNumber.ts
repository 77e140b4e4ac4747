/** Numbers of the wire that are kept and counted on from. */
import { Code, ConnectError } from '@connectrpc/connect';

/**
 * The number, which is exact.
 *
 * @throws ConnectError where it is none that a counter of the Manager can have reached: it would be kept as another one, and no higher
 * one could ever follow.
 */
export function readNumber(value: bigint, name: string): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new ConnectError(
      `The Manager sent ${name} ${value}, which no counter reaches.`,
      Code.InvalidArgument,
    );
  }
  return Number(value);
}
