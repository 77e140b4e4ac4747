import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CoreV1Api,
  ApiException,
  type V1PersistentVolume,
  type V1PersistentVolumeClaim,
} from '@kubernetes/client-node';
import { PROVISIONER } from '../baseObjects/storage.ts';
import { NODE_NAME } from '../layout.ts';

/*
 * The provisioner of the default StorageClass: a volume is a folder of the datacenter. Volumes are of type `local`,
 * because the kubelet applies a pod's fsGroup to those, and world-writable, because pods without an fsGroup run as
 * non-root too. Capacity is noted and not enforced.
 *
 * 1. A volume's name and folder follow from its claim's uid, so doing it twice makes one volume.
 * 2. A folder is removed before its volume: a crash between the two is repaired by doing it again.
 */

const VOLUME_NAME = /^pvc-[0-9a-f-]{36}$/;
const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';
const STORAGE_PROVISIONER = 'volume.kubernetes.io/storage-provisioner';

function isCode(error: unknown, code: number): boolean {
  return error instanceof ApiException && error.code === code;
}

/** Whether a claim waits for a volume of ours. */
export function waitsForVolume(claim: V1PersistentVolumeClaim): boolean {
  return (
    claim.metadata?.annotations?.[STORAGE_PROVISIONER] === PROVISIONER &&
    !claim.spec?.volumeName &&
    !claim.metadata?.deletionTimestamp &&
    claim.spec?.volumeMode !== 'Block'
  );
}

/** Whether a volume of ours is no longer claimed and shall go. */
export function isReleased(volume: V1PersistentVolume): boolean {
  return (
    volume.metadata?.annotations?.[PROVISIONED_BY] === PROVISIONER &&
    volume.status?.phase === 'Released' &&
    volume.spec?.persistentVolumeReclaimPolicy === 'Delete'
  );
}

/** The volume for a claim, whose folder is `path`. */
export function volumeFor(
  claim: V1PersistentVolumeClaim,
  path: string,
): V1PersistentVolume {
  const { name, namespace, uid } = claim.metadata ?? {};
  return {
    metadata: {
      name: `pvc-${uid}`,
      annotations: { [PROVISIONED_BY]: PROVISIONER },
    },
    spec: {
      accessModes: claim.spec?.accessModes,
      capacity: claim.spec?.resources?.requests,
      persistentVolumeReclaimPolicy: 'Delete',
      storageClassName: claim.spec?.storageClassName,
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        name,
        namespace,
        uid,
      },
      local: { path },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            {
              matchExpressions: [
                {
                  key: 'kubernetes.io/hostname',
                  operator: 'In',
                  values: [NODE_NAME],
                },
              ],
            },
          ],
        },
      },
    },
  };
}

export class Volumes {
  readonly #api: CoreV1Api;
  readonly #dir: string;

  constructor(options: { api: CoreV1Api; dir: string }) {
    this.#api = options.api;
    this.#dir = options.dir;
  }

  /** Makes the volume that a claim waits for. */
  async provision(claim: V1PersistentVolumeClaim): Promise<void> {
    if (!waitsForVolume(claim)) return;
    const path = join(this.#dir, `pvc-${claim.metadata?.uid}`);
    await mkdir(path, { recursive: true });
    // Not by mkdir's mode, from which the umask takes bits away.
    await chmod(path, 0o777);
    try {
      await this.#api.createPersistentVolume({ body: volumeFor(claim, path) });
    } catch (error) {
      if (!isCode(error, 409)) throw error;
    }
  }

  /** Removes a volume that was released. */
  async reclaim(volume: V1PersistentVolume): Promise<void> {
    const name = volume.metadata?.name ?? '';
    if (!isReleased(volume)) return;
    // The path in the object is not trusted: whoever can write volumes could name any folder of the machine.
    if (!VOLUME_NAME.test(name)) return;
    await rm(join(this.#dir, name), { recursive: true, force: true });
    try {
      await this.#api.deletePersistentVolume({ name });
    } catch (error) {
      if (!isCode(error, 404)) throw error;
    }
  }
}
