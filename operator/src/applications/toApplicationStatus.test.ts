import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { goneStatus, toApplicationStatus } from './toApplicationStatus.ts';
import type { Application } from './types.ts';

const APPLICATION: Application = {
  apiVersion: 'core.oam.dev/v1beta1',
  kind: 'Application',
  metadata: {
    name: 'web',
    namespace: 'acme-apps',
    labels: { 'kubenova.io/application-uid': 'u1' },
    annotations: { 'kubenova.io/generation': '7' },
    managedFields: [
      { manager: 'kubenova', fieldsV1: { 'f:spec': {} } },
      { manager: 'manager', fieldsV1: { 'f:metadata': {} } },
      {
        manager: 'manager',
        subresource: 'status',
        fieldsV1: { 'f:status': {} },
      },
    ],
  },
  status: {
    status: 'running',
    services: [
      {
        name: 'web',
        workloadDefinition: { kind: 'Deployment' },
        healthy: true,
        message: 'Ready:1/1',
      },
    ],
    workflow: {
      steps: [
        {
          name: 'group',
          phase: 'succeeded',
          subSteps: [{ name: 'web', phase: 'succeeded' }],
        },
      ],
    },
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        lastTransitionTime: '2026-01-05T10:00:00Z',
      },
    ],
  },
};

describe("an application's status", () => {
  it('carries the uid and the generation that its object was made from', () => {
    const status = toApplicationStatus('acme', APPLICATION, {
      health: 'Healthy',
      message: '',
    });
    assert.equal(status.uid, 'u1');
    assert.equal(status.generation, 7);
    assert.deepEqual(status.components, [
      {
        name: 'web',
        type: 'Deployment',
        healthy: true,
        message: 'Ready:1/1',
      },
    ]);
    assert.deepEqual(
      status.steps.map(({ name }) => name),
      ['group', 'web'],
    );
    assert.equal(
      status.conditions[0].lastTransitionAt?.toISO(),
      '2026-01-05T10:00:00.000Z',
    );
    assert.equal(status.conditions.length, 1);
  });

  it('of one that the Manager did not make has no uid and generation 0', () => {
    const status = toApplicationStatus(
      'acme',
      { ...APPLICATION, metadata: { name: 'own' } },
      { health: 'Healthy', message: '' },
    );
    assert.equal(status.uid, '');
    assert.equal(status.generation, 0);
  });

  it('tells who changed its spec in the cluster, and when', () => {
    const { metadata } = APPLICATION;
    const status = toApplicationStatus(
      'acme',
      {
        ...APPLICATION,
        metadata: {
          ...metadata,
          managedFields: [
            ...(metadata.managedFields ?? []),
            {
              manager: 'kubectl-edit',
              time: '2026-01-05T11:00:00Z',
              fieldsV1: { 'f:spec': {} },
            },
          ],
        },
      },
      { health: 'Healthy', message: '' },
    );
    const edited = status.conditions.find(
      ({ type }) => type === 'EditedInCluster',
    );
    assert.match(
      edited?.message ?? '',
      /by "kubectl-edit" at 2026-01-05T11:00:00Z/,
    );
  });

  it('says gone, and nothing else, when there is no object any more', () => {
    const status = goneStatus('acme', APPLICATION);
    assert.equal(status.gone, true);
    assert.equal(status.uid, 'u1');
    assert.deepEqual(
      [status.components, status.steps, status.conditions],
      [[], [], []],
    );
  });
});
