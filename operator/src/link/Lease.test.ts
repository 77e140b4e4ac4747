import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Lease,
  type LeaseClient,
  type LeaseRecord,
  type StoredLease,
} from './Lease.ts';
import { ManualClock } from './testing/ManualClock.ts';

/** One Lease object with a resourceVersion, as the API server keeps it. Integration tests use the real one. */
class FakeLeaseObject implements LeaseClient {
  stored: StoredLease | undefined;
  unreachable = false;
  #version = 0;

  async read(): Promise<StoredLease | undefined> {
    this.#assertReachable();
    return this.stored;
  }

  async write(
    lease: LeaseRecord,
    resourceVersion: string | undefined,
  ): Promise<StoredLease | undefined> {
    this.#assertReachable();
    if (this.stored?.resourceVersion !== resourceVersion) {
      return undefined;
    }
    this.#version += 1;
    this.stored = { ...lease, resourceVersion: `${this.#version}` };
    return this.stored;
  }

  #assertReachable(): void {
    if (this.unreachable) {
      throw new Error('the API server is away');
    }
  }
}

function setUp() {
  const clock = new ManualClock();
  const object = new FakeLeaseObject();
  const errors: unknown[] = [];
  const lease = (holder: string) =>
    new Lease({
      client: object,
      holder,
      clock,
      onError: error => errors.push(error),
    });
  const stop = new AbortController();
  return { clock, object, errors, lease, stop, signal: stop.signal };
}

/** Lets promises that are due go on, between two steps of a ManualClock. */
async function turn(clock: ManualClock, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 1_000) {
    clock.advance(1_000);
    await new Promise(setImmediate);
  }
}

describe('a Lease', () => {
  it('is held by the first, and by nobody else while that renews it', async () => {
    const { clock, object, lease, signal, stop } = setUp();
    const first = lease('a');
    const second = lease('b');
    await first.acquire(signal);
    const kept = first.keep(signal);
    const acquired = second.acquire(signal);
    await turn(clock, 60_000);
    assert.ok(first.isHeld());
    assert.ok(!second.isHeld());
    assert.equal(object.stored?.holder, 'a');
    assert.equal(object.stored?.transitions, 0);

    stop.abort();
    assert.equal(await kept, 'stopped');
    await acquired;
    assert.equal(clock.pending, 0);
  });

  it('is taken from a holder that is gone, 15 s after its last renewal was seen', async () => {
    const { clock, object, lease, signal } = setUp();
    await lease('a').acquire(signal);
    const second = lease('b');
    const acquired = second.acquire(signal);
    await turn(clock, 14_000);
    assert.ok(!second.isHeld());
    await turn(clock, 3_000);
    await acquired;
    assert.ok(second.isHeld());
    assert.equal(object.stored?.transitions, 1);
  });

  it('is not taken because of a clock that is ahead', async () => {
    const { clock, object, lease, signal, stop } = setUp();
    await lease('a').acquire(signal);
    object.stored = { ...object.stored!, renewTime: '2001-01-01T00:00:00Z' };
    const second = lease('b');
    const acquired = second.acquire(signal);
    await turn(clock, 10_000);
    assert.ok(!second.isHeld());
    stop.abort();
    await acquired;
  });

  it('is lost by a holder that can not renew it, before another one may have it', async () => {
    const { clock, object, errors, lease, signal } = setUp();
    const first = lease('a');
    await first.acquire(signal);
    const kept = first.keep(signal);
    object.unreachable = true;
    await turn(clock, 9_000);
    assert.ok(first.isHeld());
    await turn(clock, 3_000);
    assert.ok(!first.isHeld());
    assert.equal(await kept, 'lost');
    assert.ok(errors.length > 0);
  });

  it('is kept through a short failure of the API server', async () => {
    const { clock, object, lease, signal, stop } = setUp();
    const first = lease('a');
    await first.acquire(signal);
    const kept = first.keep(signal);
    object.unreachable = true;
    await turn(clock, 6_000);
    object.unreachable = false;
    await turn(clock, 30_000);
    assert.ok(first.isHeld());
    stop.abort();
    assert.equal(await kept, 'stopped');
  });

  it('is lost by a holder that slept while another one took it', async () => {
    const { clock, lease, signal } = setUp();
    const first = lease('a');
    await first.acquire(signal);
    const second = lease('b');
    const acquired = second.acquire(signal);
    await turn(clock, 20_000);
    await acquired;
    assert.ok(!first.isHeld());
    const kept = first.keep(signal);
    await turn(clock, 6_000);
    assert.equal(await kept, 'lost');
  });

  it('is lost by a holder that slept for too long, also where nobody took it', async () => {
    const { clock, object, lease, signal } = setUp();
    const first = lease('a');
    await first.acquire(signal);
    const kept = first.keep(signal);
    clock.advance(20_000); // at once, as for a process that was stopped
    assert.equal(await kept, 'lost');
    assert.equal(object.stored?.holder, 'a');
    assert.equal(clock.pending, 0);
  });

  it('that is released is taken at once', async () => {
    const { clock, lease, signal } = setUp();
    const first = lease('a');
    await first.acquire(signal);
    await first.release();
    assert.ok(!first.isHeld());
    const second = lease('b');
    await second.acquire(signal);
    assert.ok(second.isHeld());
    assert.equal(clock.pending, 0);
  });
});
