import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unionOf } from './ChildList.ts';

const child = (name: string, uid?: string) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  namespace: 'acme-owner',
  name,
  ...(uid && { uid }),
});

describe('the list of children', () => {
  it('holds old and new ones before the new ones are made, with the uids that are known', () => {
    assert.deepEqual(
      unionOf(
        [child('old', 'u1'), child('both', 'u2')],
        [child('both'), child('new')],
      ),
      [child('old', 'u1'), child('both', 'u2'), child('new')],
    );
  });

  it('stays as it is when nothing changes', () => {
    const list = [child('a', 'u1'), child('b', 'u2')];
    assert.deepEqual(unionOf(list, [child('a'), child('b')]), list);
  });

  it('takes the uid of an object that was made again', () => {
    assert.deepEqual(unionOf([child('a', 'u1')], [child('a', 'u9')]), [
      child('a', 'u9'),
    ]);
  });
});
