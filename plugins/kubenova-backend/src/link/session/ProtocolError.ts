/** The operator sent what the protocol does not allow. Ends the session; the message is for the operator's log. */
export class ProtocolError extends Error {
  readonly name = 'ProtocolError';
}
