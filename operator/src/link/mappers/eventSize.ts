/** Sizes of encoded events. */

/** What the field `seq` of Event takes: its tag, and a varint of seven bits a byte. */
function seqBytes(seq: number): number {
  let bytes = 2;
  for (let rest = Math.floor(seq / 128); rest > 0; bytes++) {
    rest = Math.floor(rest / 128);
  }
  return bytes;
}

/** The size of an Event on the wire, from its body without a sequence: what credits count (S5). */
export function wireSizeOf(body: Uint8Array, seq: number): number {
  return body.byteLength + seqBytes(seq);
}
