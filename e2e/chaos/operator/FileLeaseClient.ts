import type {
  LeaseClient,
  LeaseRecord,
  StoredLease,
} from '@kubenova/operator/link';
import { VersionedFiles } from '../datacenter/VersionedFiles.ts';

const NAME = 'kubenova-operator';

/** The Lease object of a datacenter that is made of files. */
export class FileLeaseClient implements LeaseClient {
  readonly #files: VersionedFiles<LeaseRecord>;

  constructor(folder: string) {
    this.#files = new VersionedFiles(folder);
  }

  async read(): Promise<StoredLease | undefined> {
    const stored = this.#files.read(NAME);
    return stored && withVersion(stored.value, stored.version);
  }

  async write(
    lease: LeaseRecord,
    resourceVersion: string | undefined,
  ): Promise<StoredLease | undefined> {
    const version = Number(resourceVersion ?? 0);
    return this.#files.write(NAME, lease, version)
      ? withVersion(lease, version + 1)
      : undefined;
  }
}

function withVersion(lease: LeaseRecord, version: number): StoredLease {
  return { ...lease, resourceVersion: String(version) };
}
