import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type {
  V1PersistentVolume,
  V1PersistentVolumeClaim,
} from '@kubernetes/client-node';
import { PROVISIONER } from '../baseObjects/storage.ts';
import { isReleased, volumeFor, waitsForVolume } from './volumes.ts';

function claim(
  change: Partial<V1PersistentVolumeClaim['spec']> = {},
  provisioner = PROVISIONER,
): V1PersistentVolumeClaim {
  return {
    metadata: {
      name: 'data',
      namespace: 'shop',
      uid: '54074b5b-21e8-406c-b2f6-50e199145492',
      annotations: {
        'volume.kubernetes.io/storage-provisioner': provisioner,
      },
    },
    spec: {
      accessModes: ['ReadWriteOncePod'],
      storageClassName: 'kubenova-local',
      resources: { requests: { storage: '1Gi' } },
      ...change,
    },
  };
}

describe('volumes', () => {
  it('are made for claims of our class that have none', () => {
    assert.equal(waitsForVolume(claim()), true);
    assert.equal(waitsForVolume(claim({ volumeName: 'pvc-1' })), false);
    assert.equal(waitsForVolume(claim({ volumeMode: 'Block' })), false);
    assert.equal(waitsForVolume(claim({}, 'example.com/other')), false);
  });

  it('belong to the claim they were made for and lie on the node', () => {
    const volume = volumeFor(claim(), '/state/volumes/pvc-1');
    assert.equal(
      volume.metadata?.name,
      'pvc-54074b5b-21e8-406c-b2f6-50e199145492',
    );
    assert.equal(volume.spec?.claimRef?.uid, claim().metadata?.uid);
    assert.deepEqual(volume.spec?.capacity, { storage: '1Gi' });
    assert.deepEqual(volume.spec?.accessModes, ['ReadWriteOncePod']);
    assert.equal(volume.spec?.local?.path, '/state/volumes/pvc-1');
  });

  it('go when they are released, if they are ours and not to be kept', () => {
    const made = volumeFor(claim(), '/state/volumes/pvc-1');
    const released: V1PersistentVolume = {
      ...made,
      status: { phase: 'Released' },
    };
    assert.equal(isReleased(released), true);
    assert.equal(isReleased({ ...made, status: { phase: 'Bound' } }), false);
    assert.equal(
      isReleased({
        ...released,
        spec: { ...released.spec, persistentVolumeReclaimPolicy: 'Retain' },
      }),
      false,
    );
    assert.equal(
      isReleased({ ...released, metadata: { name: 'pvc-foreign' } }),
      false,
    );
  });
});
