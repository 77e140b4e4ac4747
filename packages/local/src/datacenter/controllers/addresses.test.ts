import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { V1Service } from '@kubernetes/client-node';
import { assignAddresses } from './addresses.ts';

const pool = { prefix: '10.100.1', first: 100, last: 102 };

function service(
  name: string,
  options: {
    age?: number;
    shows?: string;
    type?: string;
    loadBalancerClass?: string;
    deleted?: boolean;
  } = {},
): V1Service {
  const { age = 0, shows, type = 'LoadBalancer', loadBalancerClass } = options;
  return {
    metadata: {
      namespace: 'default',
      name,
      creationTimestamp: new Date(1_000_000 - age),
      ...(options.deleted ? { deletionTimestamp: new Date(0) } : {}),
    },
    spec: { type, loadBalancerClass },
    status: shows ? { loadBalancer: { ingress: [{ ip: shows }] } } : {},
  };
}

function assigned(services: V1Service[]): Record<string, string> {
  return Object.fromEntries(assignAddresses(services, pool));
}

describe('assignAddresses', () => {
  it('gives the lowest free address, to the oldest first', () => {
    assert.deepEqual(assigned([service('new'), service('old', { age: 9 })]), {
      'default/old': '10.100.1.100',
      'default/new': '10.100.1.101',
    });
  });

  it('lets a Service keep the address that it shows', () => {
    const services = [
      service('old', { age: 9 }),
      service('new', { shows: '10.100.1.100' }),
    ];
    assert.deepEqual(assigned(services), {
      'default/new': '10.100.1.100',
      'default/old': '10.100.1.101',
    });
  });

  it('replaces an address of another subnet, as after a move to another instance', () => {
    assert.deepEqual(assigned([service('a', { shows: '10.130.1.100' })]), {
      'default/a': '10.100.1.100',
    });
  });

  it('gives an address that two Services show to the older one', () => {
    const shows = '10.100.1.101';
    assert.deepEqual(
      assigned([service('new', { shows }), service('old', { shows, age: 9 })]),
      { 'default/old': shows, 'default/new': '10.100.1.100' },
    );
  });

  it('leaves out what is of another type or class, or being deleted', () => {
    const services = [
      service('internal', { type: 'ClusterIP' }),
      service('foreign', { loadBalancerClass: 'example.com/other' }),
      service('going', { deleted: true }),
    ];
    assert.deepEqual(assigned(services), {});
  });

  it('lets the youngest go without when there are no more addresses', () => {
    const services = [4, 3, 2, 1].map(age => service(`s${age}`, { age }));
    assert.deepEqual(Object.keys(assigned(services)), [
      'default/s4',
      'default/s3',
      'default/s2',
    ]);
  });
});
