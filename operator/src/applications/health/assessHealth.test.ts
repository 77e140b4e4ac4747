import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DateTime } from 'luxon';
import type { Application, ApplicationPod, ContainerStatus } from '../types.ts';
import { assessHealth, PROGRESS_DEADLINE_MS } from './assessHealth.ts';

const NOW = DateTime.fromISO('2026-01-05T10:00:00Z', { zone: 'utc' });

function application(
  status: Application['status'],
  metadata: Partial<Application['metadata']> = {},
): Application {
  return {
    apiVersion: 'core.oam.dev/v1beta1',
    kind: 'Application',
    metadata: { name: 'web', generation: 3, ...metadata },
    status: { observedGeneration: 3, ...status },
  };
}

function pod(
  status: ApplicationPod['status'],
  metadata: Partial<ApplicationPod['metadata']> = {},
): ApplicationPod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web-1', ...metadata },
    status,
  };
}

function waiting(
  reason: string,
  more: Partial<ContainerStatus> = {},
): ApplicationPod['status'] {
  return {
    containerStatuses: [
      { name: 'web', state: { waiting: { reason, message: 'why' } }, ...more },
    ],
  };
}

function assess(
  object: Application,
  options: { pods?: ApplicationPod[]; sinceMs?: number } = {},
) {
  return assessHealth({
    application: object,
    pods: options.pods ?? [],
    progressedAt: NOW.minus(options.sinceMs ?? 0),
    now: NOW,
  });
}

describe('the health of an application', () => {
  it('is Healthy when KubeVela says running and every service is healthy', () => {
    const object = application({
      status: 'running',
      services: [{ name: 'web', healthy: true, message: 'Ready:2/2' }],
    });
    assert.deepEqual(assess(object), { health: 'Healthy', message: '' });
  });

  it('is Progressing while KubeVela has only seen an older spec, whatever it says about that (E3)', () => {
    const { health } = assess(
      application({ status: 'running', observedGeneration: 2 }),
    );
    assert.equal(health, 'Progressing');
  });

  it('is Progressing while a service is not up, and says which', () => {
    const object = application({
      status: 'runningWorkflow',
      services: [{ name: 'web', healthy: false, message: 'Ready:0/2' }],
    });
    assert.deepEqual(assess(object, { sinceMs: 1_000 }), {
      health: 'Progressing',
      message: 'web: Ready:0/2',
      recheckInMs: PROGRESS_DEADLINE_MS - 1_000,
    });
  });

  it('is Degraded when nothing moved until the deadline, as under a quota that is used up', () => {
    const object = application({
      status: 'runningWorkflow',
      services: [{ name: 'web', healthy: false, message: 'Ready:0/30' }],
    });
    const { health, message } = assess(object, {
      sinceMs: PROGRESS_DEADLINE_MS,
    });
    assert.equal(health, 'Degraded');
    assert.match(message, /No progress for 5 minutes: web: Ready:0\/30/);
  });

  it('is Degraded when a step failed, although all conditions are True', () => {
    const object = application({
      status: 'workflowFailed',
      conditions: [{ type: 'Ready', status: 'True' }],
      workflow: {
        steps: [
          { name: 'one', phase: 'succeeded' },
          {
            name: 'group',
            phase: 'failed',
            subSteps: [{ name: 'two', phase: 'failed', message: 'forbidden' }],
            message: 'configmaps is forbidden',
          },
        ],
      },
    });
    assert.deepEqual(assess(object), {
      health: 'Degraded',
      message: 'configmaps is forbidden',
    });
  });

  it('is Degraded when it does not even render', () => {
    const object = application({
      status: 'rendering',
      conditions: [
        { type: 'Parsed', status: 'False', message: 'no such type' },
      ],
    });
    assert.deepEqual(assess(object), {
      health: 'Degraded',
      message: 'no such type',
    });
  });

  it('stays Healthy through a condition that is False for a moment while it runs', () => {
    const object = application({
      status: 'running',
      conditions: [{ type: 'GC', status: 'False', message: 'conflict' }],
    });
    assert.equal(assess(object).health, 'Healthy');
  });

  it('is Degraded when pods crash behind `running`', () => {
    const object = application({ status: 'running' });
    const { health, message } = assess(object, {
      pods: [pod(waiting('CrashLoopBackOff', { restartCount: 4 }))],
    });
    assert.equal(health, 'Degraded');
    assert.equal(
      message,
      'Container web of pod web-1: CrashLoopBackOff after 4 restarts: why',
    );
  });

  it('is Degraded at once when an image is missing', () => {
    for (const reason of ['ErrImagePull', 'ImagePullBackOff']) {
      const object = application({ status: 'runningWorkflow' });
      const { health } = assess(object, { pods: [pod(waiting(reason))] });
      assert.equal(health, 'Degraded');
    }
  });

  it('is Degraded when a pod finds no node', () => {
    const object = application({ status: 'runningWorkflow' });
    const { health, message } = assess(object, {
      pods: [
        pod({
          conditions: [
            {
              type: 'PodScheduled',
              status: 'False',
              reason: 'Unschedulable',
              message: '0/1 nodes are available',
            },
          ],
        }),
      ],
    });
    assert.equal(health, 'Degraded');
    assert.match(message, /finds no node: 0\/1/);
  });

  it('does not mind pods that start, or that are on their way out', () => {
    const object = application({ status: 'running' });
    const { health } = assess(object, {
      pods: [
        pod(waiting('ContainerCreating')),
        pod(waiting('CrashLoopBackOff'), {
          deletionTimestamp: '2026-01-05T09:59:00Z',
        }),
      ],
    });
    assert.equal(health, 'Healthy');
  });

  it('is Progressing while it is being deleted', () => {
    const object = application(
      { status: 'running' },
      { deletionTimestamp: '2026-01-05T09:59:00Z' },
    );
    assert.equal(assess(object).health, 'Progressing');
  });
});
