import { spread } from './spread';

describe('spread', () => {
  const spreadBy = (byte: number) =>
    spread({ randomBytes: size => Buffer.alloc(size, byte) }, 1_000, 0.2);

  it('reaches as far as it may, both ways, and no further', () => {
    expect(spreadBy(0)).toBe(800);
    expect(spreadBy(0xff)).toBe(1_200);
    expect(spreadBy(0x80)).toBeCloseTo(1_000, -1);
  });
});
