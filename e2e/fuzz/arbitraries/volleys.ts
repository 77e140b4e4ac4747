/** What is thrown at a peer: bytes, each part in a DATA frame of its own, and how the stream ends. */
import type { DescMessage } from '@bufbuild/protobuf';
import fc, { type Arbitrary } from 'fast-check';
import { anyEncoded } from './messages.ts';

/** How far an honest opening goes before. */
export type Opening = 'none' | 'hello' | 'open';

export type Volley = {
  opening: Opening;
  parts: Uint8Array[];
  /** `half-close`: in order; `reset`: in the middle; `cut`: with the connection. */
  ending: 'half-close' | 'reset' | 'cut';
};

const PREFIX_BYTES = 5;
const COMPRESSED = 1;
const MOST_PARTS = 8;
const LARGEST_CLAIM = 0xffff_ffff;

/** A gRPC frame: flags, length, message. */
export function grpcFrame(
  message: Uint8Array,
  claim: { flags?: number; length?: number } = {},
): Uint8Array {
  const frame = Buffer.alloc(PREFIX_BYTES + message.length);
  frame.writeUInt8(claim.flags ?? 0, 0);
  frame.writeUInt32BE(claim.length ?? message.length, 1);
  frame.set(message, PREFIX_BYTES);
  return frame;
}

/** Valid frames of any content and in any order, changed ones, and bytes that are none. */
export function anyVolley(schema: DescMessage): Arbitrary<Volley> {
  const encoded = anyEncoded(schema);
  const valid = encoded.map(message => grpcFrame(message));
  const part = fc.oneof(
    { weight: 6, arbitrary: valid },
    { weight: 3, arbitrary: mutated(valid) },
    { weight: 1, arbitrary: mutated(encoded).map(bytes => grpcFrame(bytes)) },
    { weight: 1, arbitrary: truncated(valid) },
    { weight: 1, arbitrary: misclaimed(encoded) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 256 }) },
    { weight: 1, arbitrary: long() },
  );
  return fc.record({
    opening: fc.constantFrom<Opening>('none', 'hello', 'open', 'open'),
    parts: fc.array(part, { minLength: 1, maxLength: MOST_PARTS }),
    ending: fc.constantFrom('half-close', 'half-close', 'reset', 'cut'),
  });
}

/** Some bytes are other ones. */
function mutated(bytes: Arbitrary<Uint8Array>): Arbitrary<Uint8Array> {
  const change = fc.record({
    at: fc.nat(),
    to: fc.integer({ min: 0, max: 255 }),
  });
  return fc
    .tuple(bytes, fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([original, changes]) => {
      const copy = Uint8Array.from(original);
      for (const { at, to } of changes) {
        if (copy.length > 0) {
          copy[at % copy.length] = to;
        }
      }
      return copy;
    });
}

function truncated(bytes: Arbitrary<Uint8Array>): Arbitrary<Uint8Array> {
  return fc
    .tuple(bytes, fc.nat())
    .map(([whole, length]) => whole.subarray(0, length % (whole.length + 1)));
}

/** Flags and lengths that are not those of the message. */
function misclaimed(bytes: Arbitrary<Uint8Array>): Arbitrary<Uint8Array> {
  return fc
    .tuple(
      bytes,
      fc.constantFrom(0, COMPRESSED, 2, 255),
      fc.oneof(
        fc.constantFrom(
          0,
          1,
          4 * 1024 * 1024,
          4 * 1024 * 1024 + 1,
          LARGEST_CLAIM,
        ),
        fc.nat({ max: 1_000 }),
      ),
    )
    .map(([message, flags, length]) => grpcFrame(message, { flags, length }));
}

/** A message of a size at which limits lie, of nothing but zeroes. */
function long(): Arbitrary<Uint8Array> {
  return fc
    .constantFrom(65_536, 1024 * 1024, 4 * 1024 * 1024, 5 * 1024 * 1024)
    .map(length => grpcFrame(new Uint8Array(length)));
}
