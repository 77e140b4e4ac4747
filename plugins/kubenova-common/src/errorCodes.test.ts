import { errorCodeOf } from './errorCodes';

describe('errorCodeOf', () => {
  it('finds the code on an error or on its cause', () => {
    expect(errorCodeOf({ code: 'NAME_TAKEN' })).toBe('NAME_TAKEN');
    expect(errorCodeOf({ cause: { code: 'NAME_TAKEN' } })).toBe('NAME_TAKEN');
  });

  it.each([undefined, null, 'NAME_TAKEN', new Error('x'), { code: 'ENOENT' }])(
    'finds none in %s',
    error => expect(errorCodeOf(error)).toBeUndefined(),
  );

  it('ends where an error is its own cause', () => {
    const error = new Error('x');
    error.cause = error;
    expect(errorCodeOf(error)).toBeUndefined();
  });
});
