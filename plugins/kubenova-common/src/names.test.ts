import { nameProblem } from './names';
import { reservedTenantWord } from './tenants';

describe('nameProblem', () => {
  it.each(['a', 'acme', 'a-1', '9lives', 'x'.repeat(40)])(
    'finds nothing wrong with %s',
    name => expect(nameProblem(name)).toBeUndefined(),
  );

  it.each(['', 'Acme', '-a', 'a-', 'a.b', 'a_b', 'ä', 'a\n', 'x'.repeat(41)])(
    'says what is wrong with %j',
    name => expect(nameProblem(name)).toMatch(/\.$/),
  );
});

describe('reservedTenantWord', () => {
  it('reserves the words of the platform and what extends them', () => {
    expect(reservedTenantWord('kube')).toBe('kube');
    expect(reservedTenantWord('vela-system')).toBe('vela');
  });

  it('leaves names alone that only begin with the same letters', () => {
    expect(reservedTenantWord('kuber')).toBeUndefined();
    expect(reservedTenantWord('my-vela')).toBeUndefined();
  });
});
