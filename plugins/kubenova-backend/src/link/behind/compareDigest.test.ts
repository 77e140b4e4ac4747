import { compareDigest, HeldKey, KnownKey } from './compareDigest';

const hash = (byte: number) => new Uint8Array(32).fill(byte);
const held = (state: Partial<HeldKey> = {}): HeldKey => ({
  key: 'tenants/acme',
  generation: 5,
  uid: 'a',
  sha256: hash(1),
  deleted: false,
  ...state,
});
const known = (state: Partial<KnownKey> = {}): KnownKey => ({
  key: 'tenants/acme',
  generation: 5,
  uid: 'a',
  sha256: hash(1),
  tombstone: false,
  acceptedGeneration: 5,
  refused: false,
  confirmed: false,
  ...state,
});
const gone = { sha256: new Uint8Array() };
const EQUAL = { repairs: [], lost: [] };

function compare(
  operator: HeldKey | undefined,
  manager: KnownKey | undefined,
  lostAfter?: number,
) {
  return compareDigest({
    held: operator ? [operator] : [],
    known: manager ? [manager] : [],
    lostAfter,
  });
}

describe('compareDigest (D9, D10)', () => {
  it('finds nothing where both have the same', () => {
    expect(compare(held(), known())).toEqual(EQUAL);
    expect(
      compare(
        held({ deleted: true, ...gone }),
        known({ tombstone: true, ...gone }),
      ),
    ).toEqual(EQUAL);
  });

  it('takes over that something was accepted of which the Manager did not hear', () => {
    expect(compare(held(), known({ acceptedGeneration: 0 }))).toEqual({
      repairs: [{ key: 'tenants/acme', acceptedGeneration: 5, reopen: false }],
      lost: [],
    });
  });

  it.each([
    ['holds an older generation', held({ generation: 3 }), 3],
    ['holds nothing', undefined, 0],
  ])('has it sent again where the operator %s', (_, operator, accepted) => {
    expect(compare(operator, known())).toEqual({
      repairs: [
        { key: 'tenants/acme', acceptedGeneration: accepted, reopen: false },
      ],
      lost: [],
    });
  });

  it('leaves what is not sent yet to be sent', () => {
    expect(
      compare(
        held({ generation: 3 }),
        known({ generation: 7, acceptedGeneration: 3 }),
      ),
    ).toEqual(EQUAL);
    expect(compare(undefined, known({ acceptedGeneration: 0 }))).toEqual(EQUAL);
  });

  it('does not have sent again what the guard refused, whatever is held of it', () => {
    const refused = known({ refused: true });
    expect(compare(undefined, refused)).toEqual(EQUAL);
    expect(compare(held({ generation: 3 }), refused)).toEqual(EQUAL);
  });

  it('lets an operator forget a confirmed tombstone, or still hold it', () => {
    const confirmed = known({ tombstone: true, confirmed: true, ...gone });
    expect(compare(undefined, confirmed)).toEqual(EQUAL);
    expect(compare(held({ deleted: true, ...gone }), confirmed)).toEqual(EQUAL);
  });

  it('opens a confirmed tombstone again that a journal went back behind', () => {
    const confirmed = known({ tombstone: true, confirmed: true, ...gone });
    expect(compare(held({ generation: 3 }), confirmed)).toEqual({
      repairs: [{ key: 'tenants/acme', acceptedGeneration: 3, reopen: true }],
      lost: [],
    });
  });

  it.each([
    ['unknown', 'a key that it does not know', held(), undefined],
    ['newer', 'a higher generation', held({ generation: 6 }), known()],
    ['different', 'other bytes', held({ sha256: hash(2) }), known()],
    ['different', 'another uid', held({ uid: 'b' }), known()],
    ['different', 'a tombstone', held({ deleted: true, ...gone }), known()],
    [
      'newer',
      'what it has seen gone',
      held({ generation: 6, uid: 'b' }),
      known({ tombstone: true, confirmed: true, ...gone }),
    ],
    [
      'diverged',
      'another object of the name, of which it never heard',
      held({ uid: 'b' }),
      known({ generation: 9, acceptedGeneration: 0 }),
    ],
  ] as const)(
    'says that the Manager lost its past (%s) where the operator holds %s',
    (difference, _, operator, manager) => {
      expect(compare(operator, manager)).toEqual({
        repairs: [],
        lost: [{ ...operator, difference }],
      });
    },
  );

  it('does not take a write after the restore for the last word', () => {
    const written = known({ generation: 9, acceptedGeneration: 2 });
    expect(compare(held(), written, 4).lost).toMatchObject([
      { difference: 'diverged' },
    ]);
    expect(compare(held(), written, 5)).toMatchObject({ lost: [] });
    expect(compare(held(), written)).toMatchObject({ lost: [] });
  });

  it('knows an operator that lost its past from a Manager that did', () => {
    expect(
      compare(
        held({ generation: 3, uid: 'before' }),
        known({ generation: 9, acceptedGeneration: 9 }),
        2,
      ),
    ).toEqual({
      repairs: [{ key: 'tenants/acme', acceptedGeneration: 3, reopen: false }],
      lost: [],
    });
  });
});
