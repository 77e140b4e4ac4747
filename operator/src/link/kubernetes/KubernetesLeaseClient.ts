/** The Lease `kubenova-operator`, read and written with its resourceVersion. */
import {
  KubeApiError,
  kinds,
  type KubeClient,
  type KubeObject,
} from '../../kube/index.ts';
import type { LeaseClient, LeaseRecord, StoredLease } from '../Lease.ts';

const LEASE_NAME = 'kubenova-operator';

type LeaseObject = KubeObject & {
  spec?: {
    holderIdentity?: string;
    leaseDurationSeconds?: number;
    acquireTime?: string;
    renewTime?: string;
    leaseTransitions?: number;
  };
};

export class KubernetesLeaseClient implements LeaseClient {
  readonly #kube: KubeClient;
  readonly #namespace: string;

  constructor(options: { kube: KubeClient; namespace: string }) {
    this.#kube = options.kube;
    this.#namespace = options.namespace;
  }

  async read(): Promise<StoredLease | undefined> {
    const object = await this.#kube.get<LeaseObject>(kinds.LEASE, {
      namespace: this.#namespace,
      name: LEASE_NAME,
    });
    return object && toStoredLease(object);
  }

  async write(
    lease: LeaseRecord,
    resourceVersion: string | undefined,
  ): Promise<StoredLease | undefined> {
    const object = this.#toObject(lease, resourceVersion);
    try {
      return toStoredLease(
        resourceVersion === undefined
          ? await this.#kube.create<LeaseObject>(object)
          : await this.#kube.replace<LeaseObject>(object),
      );
    } catch (error) {
      // Written by somebody else, or deleted, since it was read.
      if (KubeApiError.is(error, 409, 404)) {
        return undefined;
      }
      throw error;
    }
  }

  #toObject(lease: LeaseRecord, resourceVersion?: string): LeaseObject {
    return {
      apiVersion: kinds.LEASE.apiVersion,
      kind: kinds.LEASE.kind,
      metadata: {
        namespace: this.#namespace,
        name: LEASE_NAME,
        resourceVersion,
      },
      spec: {
        holderIdentity: lease.holder,
        leaseDurationSeconds: lease.durationSeconds,
        acquireTime: lease.acquireTime,
        renewTime: lease.renewTime,
        leaseTransitions: lease.transitions,
      },
    };
  }
}

function toStoredLease({ metadata, spec = {} }: LeaseObject): StoredLease {
  return {
    resourceVersion: metadata.resourceVersion ?? '',
    holder: spec.holderIdentity ?? '',
    durationSeconds: spec.leaseDurationSeconds ?? 0,
    acquireTime: spec.acquireTime ?? '',
    renewTime: spec.renewTime ?? '',
    transitions: spec.leaseTransitions ?? 0,
  };
}
