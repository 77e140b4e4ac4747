import {
  create,
  ScalarType,
  toBinary,
  type DescField,
  type DescMessage,
  type MessageShape,
} from '@bufbuild/protobuf';
import fc, { type Arbitrary } from 'fast-check';

/** How deep messages lie in one another; below it they are left out. */
const DEEPEST = 4;
const LONGEST_LIST = 4;
/** Numbers at which counters go wrong. */
const EDGES = [
  0n,
  1n,
  2n,
  3n,
  2_048n,
  2_049n,
  2n ** 31n,
  2n ** 32n,
  BigInt(Number.MAX_SAFE_INTEGER),
  BigInt(Number.MAX_SAFE_INTEGER) + 1n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
];
/** Words that both ends take for something. */
const WORDS = [
  '',
  'tenants/acme',
  'applications/acme/web',
  'cluster/config',
  'namespaces/kube-system',
  'status/tenants/acme',
  'apply/tenants/acme',
  'acme',
  'Ready',
  'ping',
  'a\u0000b',
  '../..',
  'x'.repeat(300),
];

/** Any message of a kind, as its description in the contract has it: also one that means nothing. */
export function anyMessage<D extends DescMessage>(
  schema: D,
): Arbitrary<MessageShape<D>> {
  return anyValue(schema, 0).map(
    value => create(schema, value as never) as MessageShape<D>,
  );
}

/** The bytes of any message of a kind. */
export function anyEncoded(schema: DescMessage): Arbitrary<Uint8Array> {
  return anyMessage(schema).map(message => toBinary(schema, message));
}

function anyValue(
  schema: DescMessage,
  depth: number,
): Arbitrary<Record<string, unknown>> {
  const plain = Object.fromEntries(
    schema.fields
      .filter(field => field.oneof === undefined)
      .map(field => [field.localName, anyField(field, depth)]),
  );
  const oneofs = Object.fromEntries(
    schema.oneofs.map(oneof => [
      oneof.localName,
      fc.oneof(
        ...oneof.fields.map(field => ({
          weight: 3,
          arbitrary: fc.record({
            case: fc.constant(field.localName),
            value: anyField(field, depth),
          }),
        })),
        {
          weight: 1,
          arbitrary: fc.constant({ case: undefined, value: undefined }),
        },
      ),
    ]),
  );
  return fc.record({ ...plain, ...oneofs });
}

function anyField(field: DescField, depth: number): Arbitrary<unknown> {
  switch (field.fieldKind) {
    case 'scalar':
      return anyScalar(field.scalar);
    case 'enum':
      return fc.integer({ min: -1, max: 9 });
    case 'message':
      return anyNested(field.message, depth);
    case 'list':
      return depth >= DEEPEST
        ? fc.constant([])
        : fc.array(anyItem(field, depth), { maxLength: LONGEST_LIST });
    default:
      throw new Error(`The contract has no maps, but ${field.name}`);
  }
}

function anyItem(
  field: DescField & { fieldKind: 'list' },
  depth: number,
): Arbitrary<unknown> {
  switch (field.listKind) {
    case 'scalar':
      return anyScalar(field.scalar);
    case 'enum':
      return fc.integer({ min: -1, max: 9 });
    default:
      return anyValue(field.message, depth + 1);
  }
}

function anyNested(message: DescMessage, depth: number): Arbitrary<unknown> {
  return depth >= DEEPEST
    ? fc.constant(undefined)
    : fc.option(anyValue(message, depth + 1), { nil: undefined, freq: 4 });
}

function anyScalar(type: ScalarType): Arbitrary<unknown> {
  switch (type) {
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.BYTES:
      return fc.oneof(
        fc.uint8Array({ maxLength: 64 }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
      );
    case ScalarType.STRING:
      return fc.oneof(fc.constantFrom(...WORDS), fc.string(), fc.uuid());
    case ScalarType.UINT64:
      return fc.oneof(
        fc.constantFrom(...EDGES),
        fc.bigInt({ min: 0n, max: 100n }),
      );
    case ScalarType.INT64:
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case ScalarType.UINT32:
      return fc.oneof(fc.constant(0xffff_ffff), fc.nat({ max: 100_000 }));
    case ScalarType.INT32:
      return fc.integer();
    default:
      throw new Error(`The contract has no ${ScalarType[type]}`);
  }
}
