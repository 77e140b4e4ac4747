import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { holdsResources, podRequest } from './podRequests.ts';
import type { PodSpec } from './podRequests.ts';

const cpu = (amount: string, restartPolicy?: string) => ({
  resources: { requests: { cpu: amount } },
  ...(restartPolicy && { restartPolicy }),
});

function cores(spec: PodSpec): string {
  return podRequest(spec, 'cpu').toFixed();
}

describe('what a pod requests', () => {
  it('is the sum of its containers', () => {
    assert.equal(cores({ containers: [cpu('100m'), cpu('0.2'), {}] }), '0.3');
  });

  it('is the hungriest init container, where that is more', () => {
    assert.equal(
      cores({
        containers: [cpu('100m')],
        initContainers: [cpu('1'), cpu('500m')],
      }),
      '1',
    );
  });

  it('has sidecars beside the containers, and beside the init containers that start after them', () => {
    assert.equal(
      cores({
        containers: [cpu('100m')],
        initContainers: [cpu('200m', 'Always')],
      }),
      '0.3',
    );
    assert.equal(
      cores({
        containers: [cpu('100m')],
        initContainers: [cpu('1'), cpu('200m', 'Always'), cpu('900m')],
      }),
      '1.1',
    );
  });

  it('is what is said for the pod as a whole, where that is said', () => {
    assert.equal(
      cores({
        containers: [cpu('100m')],
        resources: { requests: { cpu: '2' } },
      }),
      '2',
    );
  });

  it('has the overhead of its runtime besides', () => {
    assert.equal(
      cores({ containers: [cpu('100m')], overhead: { cpu: '50m' } }),
      '0.15',
    );
  });

  it('is nothing where nothing is requested', () => {
    assert.equal(cores({ containers: [{}] }), '0');
    assert.equal(podRequest({}, 'memory').toFixed(), '0');
  });

  it('is held until the pod has ended', () => {
    const pod = (phase: string) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'pod' },
      status: { phase },
    });
    assert.deepEqual(
      ['Pending', 'Running', 'Unknown', 'Succeeded', 'Failed'].map(phase =>
        holdsResources(pod(phase)),
      ),
      [true, true, true, false, false],
    );
  });
});
