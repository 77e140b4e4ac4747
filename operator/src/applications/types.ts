import type { KubeObject, ObjectCondition } from '../kube/index.ts';

/** KubeVela's Application, as far as the operator reads it. */
export type Application = KubeObject & {
  status?: {
    /** KubeVela's phase. */
    status?: string;
    observedGeneration?: number;
    conditions?: Array<
      Partial<ObjectCondition> & Pick<ObjectCondition, 'type' | 'status'>
    >;
    services?: Array<{
      name: string;
      workloadDefinition?: { kind?: string };
      healthy?: boolean;
      message?: string;
      traits?: Array<{ type: string; healthy?: boolean; message?: string }>;
    }>;
    workflow?: {
      message?: string;
      steps?: WorkflowStep[];
    };
  };
};

export type WorkflowStep = {
  name?: string;
  type?: string;
  phase?: string;
  message?: string;
  reason?: string;
  subSteps?: WorkflowStep[];
};

/** What the operator reads of a pod. */
export type ApplicationPod = KubeObject & {
  status?: {
    phase?: string;
    conditions?: Array<{
      type: string;
      status: string;
      reason?: string;
      message?: string;
    }>;
    initContainerStatuses?: ContainerStatus[];
    containerStatuses?: ContainerStatus[];
  };
};

export type ContainerStatus = {
  name: string;
  ready?: boolean;
  restartCount?: number;
  state?: { waiting?: { reason?: string; message?: string } };
};
