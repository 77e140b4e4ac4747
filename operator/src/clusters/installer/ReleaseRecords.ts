import { INSTALLER_NAMESPACE, kinds } from '../../kube/index.ts';
import type { KubeClient } from '../../kube/index.ts';

const NAME = 'kubenova-releases';

/**
 * Which components are ours, and what was last installed of them: a ConfigMap, so that it outlives Jobs and the journal. Written before a
 * first installation begins: what has no entry and is found in the cluster is somebody else's, and is never touched by Helm (M5).
 */
export class ReleaseRecords {
  readonly #kube: KubeClient;

  constructor(options: { kube: KubeClient }) {
    this.#kube = options.kube;
  }

  /** The hash that was installed last; empty where none was yet; `undefined` where the component is not ours. */
  async get(component: string): Promise<string | undefined> {
    return (await this.#read())[component];
  }

  async set(component: string, hash: string): Promise<void> {
    const data = { ...(await this.#read()), [component]: hash };
    await this.#kube.apply(
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: NAME, namespace: INSTALLER_NAMESPACE },
        data,
      },
      { force: true },
    );
  }

  async #read(): Promise<Record<string, string>> {
    const map = await this.#kube.get(kinds.CONFIG_MAP, {
      namespace: INSTALLER_NAMESPACE,
      name: NAME,
    });
    return (map?.data ?? {}) as Record<string, string>;
  }
}
