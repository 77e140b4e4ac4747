import type { NovaClusterConfig, ComponentName } from '../types.ts';

/** One thing that the operator installs, or finds. A closed list: the Manager chooses by flags, nothing else (M1). */
export type ComponentDefinition = {
  name: ComponentName;
  /** For people. */
  title: string;
  flag: 'installCapsule' | 'installCapsuleProxy' | 'installKubeVela';
  release: string;
  namespace: string;
  /** The chart is the one file in the charts' folder whose name begins so. */
  chartPrefix: string;
  valuesFile: string;
  /** Label app.kubernetes.io/name of its Deployment. */
  deploymentName: string;
  /** A CRD that must be there besides, where it has any. */
  crd?: string;
  /** The one part of its values that the configuration decides. */
  settings?: (spec: NovaClusterConfig['spec']) => Record<string, unknown>;
};

/** In the order in which they are installed. */
export const COMPONENTS: readonly ComponentDefinition[] = [
  {
    name: 'capsule',
    title: 'Capsule',
    flag: 'installCapsule',
    release: 'capsule',
    namespace: 'capsule-system',
    chartPrefix: 'capsule-0',
    valuesFile: 'capsule.yaml',
    deploymentName: 'capsule',
    crd: 'tenants.capsule.clastix.io',
  },
  {
    name: 'capsule-proxy',
    title: 'capsule-proxy',
    flag: 'installCapsuleProxy',
    release: 'capsule-proxy',
    namespace: 'capsule-system',
    chartPrefix: 'capsule-proxy-',
    valuesFile: 'capsule-proxy.yaml',
    deploymentName: 'capsule-proxy',
    settings: spec => ({
      'service.annotations': spec.targetLbAnnotations ?? {},
    }),
  },
  {
    name: 'kubevela',
    title: 'KubeVela',
    flag: 'installKubeVela',
    release: 'kubevela',
    namespace: 'vela-system',
    chartPrefix: 'vela-core-',
    valuesFile: 'kubevela.yaml',
    deploymentName: 'vela-core',
    crd: 'applications.core.oam.dev',
  },
];
