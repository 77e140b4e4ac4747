/**
 * Keeps the operator's key in the Secret `kubenova-operator-key`. The manifest never contains that Secret, so applying it again leaves the
 * key alone (J1).
 */
import { KubeApiError, kinds, type KubeClient } from '../../kube/index.ts';
import { OperatorKey, type KeyStore } from '../OperatorKey.ts';

const SECRET_NAME = 'kubenova-operator-key';
const FIELD = 'private-key.pem';

export class KubernetesKeyStore implements KeyStore {
  readonly #kube: KubeClient;
  readonly #namespace: string;

  constructor(options: { kube: KubeClient; namespace: string }) {
    this.#kube = options.kube;
    this.#namespace = options.namespace;
  }

  /** @throws Error where the Secret is there and holds no key: replacing it would lock the operator out. */
  async load(): Promise<OperatorKey | undefined> {
    const secret = await this.#kube.get(kinds.SECRET, {
      namespace: this.#namespace,
      name: SECRET_NAME,
    });
    if (!secret) {
      return undefined;
    }
    const data = secret.data as Record<string, string> | undefined;
    if (!data?.[FIELD]) {
      throw new Error(
        `The Secret ${
          this.#namespace
        }/${SECRET_NAME} has no ${FIELD}. Delete it to let the operator make a new key, and join the cluster anew.`,
      );
    }
    return OperatorKey.fromPem(Buffer.from(data[FIELD], 'base64').toString());
  }

  async create(key: OperatorKey): Promise<OperatorKey> {
    try {
      await this.#kube.create({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { namespace: this.#namespace, name: SECRET_NAME },
        type: 'Opaque',
        data: { [FIELD]: Buffer.from(key.toPem()).toString('base64') },
      });
      return key;
    } catch (error) {
      const existing = KubeApiError.is(error, 409) && (await this.load());
      if (existing) {
        return existing;
      }
      throw error;
    }
  }
}
