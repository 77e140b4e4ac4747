/**
 * Keeps the operator's keys in the Secret `kubenova-operator-key`. The manifest never contains that Secret, so applying it again leaves the
 * keys alone (J1). One write replaces all of it, or nothing.
 */
import {
  KubeApiError,
  kinds,
  type KubeClient,
  type KubeObject,
} from '../../kube/index.ts';
import { OperatorKey } from '../OperatorKey.ts';
import type { KeyStore, StoredKeys } from '../OperatorKeys.ts';

const SECRET_NAME = 'kubenova-operator-key';
const PRESENT = 'private-key.pem';
const NEXT = 'next-private-key.pem';

type Secret = KubeObject & { data?: Record<string, string> };

export class KubernetesKeyStore implements KeyStore {
  readonly #kube: KubeClient;
  readonly #namespace: string;

  constructor(options: { kube: KubeClient; namespace: string }) {
    this.#kube = options.kube;
    this.#namespace = options.namespace;
  }

  /** @throws Error where the Secret is there and holds no key: replacing it would lock the operator out. */
  async load(): Promise<StoredKeys | undefined> {
    const secret = await this.#get();
    if (!secret) {
      return undefined;
    }
    const present = keyOf(secret, PRESENT);
    if (!present) {
      throw new Error(
        `The Secret ${
          this.#namespace
        }/${SECRET_NAME} has no ${PRESENT}. Delete it to let the operator make a new key, and join the cluster anew.`,
      );
    }
    const next = keyOf(secret, NEXT);
    return next ? { present, next } : { present };
  }

  async create(present: OperatorKey): Promise<StoredKeys> {
    try {
      await this.#kube.create({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { namespace: this.#namespace, name: SECRET_NAME },
        type: 'Opaque',
        data: toData({ present }),
      });
      return { present };
    } catch (error) {
      const existing = KubeApiError.is(error, 409) && (await this.load());
      if (existing) {
        return existing;
      }
      throw error;
    }
  }

  /** @throws Error where the Secret is gone, KubeApiError with status 409 where somebody else writes it at the same time. */
  async replace(keys: StoredKeys): Promise<void> {
    const secret = await this.#get();
    if (!secret) {
      throw new Error(
        `The Secret ${
          this.#namespace
        }/${SECRET_NAME} was deleted. Restart the operator to let it make a new key, and join the cluster anew.`,
      );
    }
    await this.#kube.replace({ ...secret, data: toData(keys) });
  }

  #get(): Promise<Secret | undefined> {
    return this.#kube.get<Secret>(kinds.SECRET, {
      namespace: this.#namespace,
      name: SECRET_NAME,
    });
  }
}

function keyOf(secret: Secret, field: string): OperatorKey | undefined {
  const pem = secret.data?.[field];
  return pem
    ? OperatorKey.fromPem(Buffer.from(pem, 'base64').toString())
    : undefined;
}

function toData({ present, next }: StoredKeys): Record<string, string> {
  const encode = (key: OperatorKey) =>
    Buffer.from(key.toPem()).toString('base64');
  return {
    [PRESENT]: encode(present),
    ...(next && { [NEXT]: encode(next) }),
  };
}
