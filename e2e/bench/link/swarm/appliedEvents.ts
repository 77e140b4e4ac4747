import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  ApplyOutcome,
  Health,
  type ApplyYaml,
  type EventSchema,
} from '@kubenova/proto';

export type EventBody = NonNullable<
  MessageInitShape<typeof EventSchema>['body']
>;

/** What a real operator would tell, sooner or later, of a desired state that went well. The outcome of the apply comes last. */
export function appliedEvents(
  frame: ApplyYaml,
): Array<{ key: string; body: EventBody }> {
  const { key, uid, generation } = frame;
  const deleted = frame.content.case === 'tombstone';
  const outcome = deleted ? ApplyOutcome.DELETED : ApplyOutcome.APPLIED;
  return [
    ...(deleted ? [] : [statusOf(frame)]),
    {
      key: `apply/${key}`,
      body: {
        case: 'applyResult',
        value: { key, uid, generation, outcome, message: '' },
      },
    },
  ];
}

function statusOf(frame: ApplyYaml): { key: string; body: EventBody } {
  const { uid, generation } = frame;
  const [word, tenant, application] = frame.key.split('/');
  switch (word) {
    case 'cluster':
      return {
        key: 'status/cluster',
        body: {
          case: 'clusterStatus',
          value: {
            generation,
            phase: 'Ready',
            components: ['capsule', 'capsule-proxy', 'kubevela'].map(name => ({
              name,
              phase: 'Ready',
              version: '0.0.0',
            })),
            kubernetesVersion: 'v1.36.3',
            operatorVersion: '0.1.0',
            capacity: { nodes: 3, readyNodes: 3, cpu: '24', memory: '96Gi' },
          },
        },
      };
    case 'tenants':
      return {
        key: `status/tenants/${tenant}`,
        body: {
          case: 'tenantStatus',
          value: {
            tenant,
            uid,
            generation,
            phase: 'Ready',
            namespaces: [`${tenant}-apps`],
          },
        },
      };
    default:
      return {
        key: `status/applications/${tenant}/${application}`,
        body: applicationStatus({ tenant, application, uid, generation }, 0),
      };
  }
}

/** A status of the size that a real application of one component has; `turn` makes each one differ from the last. */
export function applicationStatus(
  about: {
    tenant: string;
    application: string;
    uid: string;
    generation: bigint;
  },
  turn: number,
): EventBody {
  const { tenant, application, uid, generation } = about;
  return {
    case: 'applicationStatus',
    value: {
      ...{ tenant, application, uid, generation },
      health: turn % 2 === 0 ? Health.HEALTHY : Health.PROGRESSING,
      phase: 'running',
      message: `Ready: ${turn} of ${turn}`,
      components: [
        {
          name: application,
          type: 'webservice',
          healthy: true,
          message: `Ready:${turn}/${turn}`,
        },
      ],
      steps: [{ name: 'deploy', phase: 'succeeded', message: '' }],
      conditions: [
        'Parsed',
        'Revision',
        'Policy',
        'Render',
        'WorkflowFinished',
      ].map(type => ({ type, status: 'True', reason: 'Available' })),
    },
  };
}
