import type { ComponentStatus } from '../link/types.ts';
import type { KubeObject } from '../kube/index.ts';
import type { ObjectCondition } from '../kube/conditions.ts';

export type ComponentName = ComponentStatus['name'];

/** What other rooms ask of the cluster: whether what they build on is there. */
export interface Components {
  /** A sentence that says what has to come first; `undefined` where all of them are Ready. */
  waitingFor(...names: ComponentName[]): string | undefined;
  /** Calls the listener when the answer may have changed. Returns what ends that. */
  onChange(listener: () => void): () => void;
}

export type NovaClusterConfig = KubeObject & {
  spec: {
    installCapsule: boolean;
    installCapsuleProxy: boolean;
    installKubeVela: boolean;
    kubeVelaProfile?: string;
    targetStorageClass?: string;
    targetLbAnnotations?: Record<string, string>;
    capsuleProxyUrl?: string;
  };
  status?: {
    observedGeneration?: number;
    phase?: string;
    components?: Array<
      Omit<ComponentStatus, 'changedAt'> & { changedAt?: string }
    >;
    conditions?: ObjectCondition[];
  };
};

/** Folders of the operator's image. */
export type Assets = {
  crdsDir: string;
  policiesDir: string;
  chartsDir: string;
  valuesDir: string;
};
