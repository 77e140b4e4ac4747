import { toBinary } from '@bufbuild/protobuf';
import { EventSchema, type Event } from '@kubenova/proto';
import { DateTime } from 'luxon';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ApplicationStatus, OperatorEvent } from '../types.ts';
import { wireSizeOf } from './eventSize.ts';
import { toEventMessage } from './toEventMessage.ts';

const MOST_BYTES = 64 * 1024;
const HIGHEST_SEQ = Number.MAX_SAFE_INTEGER;

const small: ApplicationStatus = {
  tenant: 'acme',
  application: 'web',
  uid: 'uid-1',
  generation: 7,
  health: 'Degraded',
  phase: 'running',
  message: 'one of two is up',
  components: [{ name: 'web', healthy: false, message: 'Ready:1/2' }],
  steps: [{ name: 'deploy', phase: 'succeeded' }],
  conditions: [{ type: 'Ready', status: 'False', message: 'not yet' }],
  gone: false,
};

function encode(status: ApplicationStatus): { event: Event; bytes: number } {
  const operatorEvent: OperatorEvent = {
    key: 'status/applications/acme/web',
    kind: 'state',
    observedAt: DateTime.utc(),
    body: { case: 'applicationStatus', value: status },
  };
  const event = toEventMessage(operatorEvent);
  const body = toBinary(EventSchema, event);
  return { event, bytes: wireSizeOf(body, HIGHEST_SEQ) };
}

function statusOf({ event }: { event: Event }) {
  assert.ok(event.body.case === 'applicationStatus');
  return event.body.value;
}

const many = <T>(count: number, item: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => item(index));

describe('an event', () => {
  it('that is small is left whole', () => {
    const encoded = encode(small);
    assert.equal(encoded.event.truncated, false);
    assert.equal(statusOf(encoded).message, small.message);
  });

  it('of long messages has them cut, and all else is there', () => {
    const encoded = encode({
      ...small,
      steps: many(100, index => ({
        name: `step-${index}`,
        phase: 'failed',
        message: 'x'.repeat(3_000),
      })),
    });
    assert.ok(encoded.bytes <= MOST_BYTES);
    assert.equal(encoded.event.truncated, true);
    const { steps, components } = statusOf(encoded);
    assert.equal(steps.length, 100);
    assert.match(steps[99].message, /^x+… \(cut\)$/);
    assert.equal(components[0].message, 'Ready:1/2');
  });

  it('of many steps loses the last of them before any condition or component', () => {
    const encoded = encode({
      ...small,
      steps: many(2_000, index => ({
        name: `step-${index}`,
        phase: 'x'.repeat(50),
      })),
      components: many(200, index => ({ name: `c-${index}`, healthy: true })),
      conditions: many(30, index => ({ type: `T${index}`, status: 'True' })),
    });
    const { steps, components, conditions } = statusOf(encoded);
    assert.equal(steps.length, 50);
    assert.equal(steps[49].name, 'step-49');
    assert.equal(conditions.length, 30);
    assert.equal(components.length, 200);
    assert.equal(encoded.event.truncated, true);
  });

  it('is at most 64 KiB with its sequence whatever is in it, and keeps its names, uid and generation', () => {
    const text = 'ü€😀'.repeat(5_000);
    const encoded = encode({
      ...small,
      phase: text,
      message: text,
      components: many(500, () => ({
        name: text,
        type: text,
        healthy: true,
        message: text,
      })),
      steps: many(500, () => ({ name: text, phase: text, message: text })),
      conditions: many(500, () => ({
        type: text,
        status: 'True' as const,
        reason: text,
        message: text,
      })),
    });
    assert.ok(encoded.bytes <= MOST_BYTES, `${encoded.bytes}`);
    const { tenant, application, uid, generation, message } = statusOf(encoded);
    assert.deepEqual(
      { tenant, application, uid, generation },
      { tenant: 'acme', application: 'web', uid: 'uid-1', generation: 7n },
    );
    // No character is cut in two.
    assert.ok(!message.includes('\uFFFD'));
    assert.match(message, /… \(cut\)$/);
  });
});

describe('the size of an event on the wire', () => {
  it('is that of the encoded event, with its sequence', () => {
    const { event } = encode(small);
    const body = toBinary(EventSchema, event);
    for (const seq of [
      1,
      127,
      128,
      16_383,
      16_384,
      2 ** 31,
      2 ** 32,
      2 ** 49,
      HIGHEST_SEQ,
    ]) {
      event.seq = BigInt(seq);
      const { byteLength } = toBinary(EventSchema, event);
      assert.equal(wireSizeOf(body, seq), byteLength, `${seq}`);
    }
  });
});
