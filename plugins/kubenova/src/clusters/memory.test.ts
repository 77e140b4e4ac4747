import { memoryInGib } from './memory';

describe('memory', () => {
  it.each([
    ['24581684Ki', '23.4 GiB'],
    ['16Gi', '16 GiB'],
    ['8589934592', '8 GiB'],
    ['8G', '7.5 GiB'],
  ])('of %s is told as %s', (quantity, told) => {
    expect(memoryInGib(quantity)).toBe(told);
  });

  it('of a form that is not known is told as it is', () => {
    expect(memoryInGib('12e6')).toBe('12e6');
  });
});
