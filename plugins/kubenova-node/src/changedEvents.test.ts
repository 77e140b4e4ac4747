import { changedRefsOf } from './changedEvents';

describe('changedRefsOf', () => {
  it('reads refs and leaves out what it does not know', () => {
    const known = [
      { kind: 'cluster', name: 'fra1' },
      { kind: 'application', id: '1', tenant: 'acme', name: 'web' },
    ];
    expect(
      changedRefsOf({
        refs: [...known, { kind: 'moon', name: 'x' }, { kind: 'tenant' }, 1],
      }),
    ).toEqual(known);
  });

  it.each([undefined, null, 1, 'x', {}, { refs: 'x' }])(
    'makes nothing of %j',
    payload => expect(changedRefsOf(payload)).toEqual([]),
  );
});
