import { TokenBuckets } from './TokenBuckets';

describe('TokenBuckets', () => {
  let nowMs = 0;
  const create = (maxKeys = 100) =>
    new TokenBuckets({
      rate: { burst: 3, perMinute: 60 },
      maxKeys,
      monotonicMs: () => nowMs,
    });
  const takeAll = (buckets: TokenBuckets, key: string) => {
    while (buckets.take(key).taken) {
      // until it is empty
    }
  };

  it('gives a burst, then one each period, and tells when the next one comes', () => {
    const buckets = create();
    const outcomes = [1, 2, 3].map(() => buckets.take('a').taken);
    expect(outcomes).toEqual([true, true, true]);
    expect(buckets.take('a')).toEqual({ taken: false, retryAfterMs: 1_000 });

    nowMs += 400;
    expect(buckets.take('a')).toEqual({ taken: false, retryAfterMs: 600 });
    nowMs += 600;
    expect(buckets.take('a')).toEqual({ taken: true });
    expect(buckets.take('a').taken).toBe(false);
  });

  it('does not save up more than a burst, however long nobody asks', () => {
    const buckets = create();
    takeAll(buckets, 'a');
    nowMs += 3_600_000;
    const outcomes = [1, 2, 3, 4].map(() => buckets.take('a').taken);
    expect(outcomes).toEqual([true, true, true, false]);
  });

  it('has a bucket for each key', () => {
    const buckets = create();
    takeAll(buckets, 'a');
    expect(buckets.take('b').taken).toBe(true);
  });

  it('remembers no more keys than it may, and forgets those that were used longest ago', () => {
    const buckets = create(2);
    takeAll(buckets, 'a');
    takeAll(buckets, 'b');
    for (let stranger = 0; stranger < 1_000; stranger++) {
      buckets.take('a'); // in use all the time
      buckets.take(`stranger ${stranger}`);
    }
    expect(buckets.size).toBe(2);
    expect(buckets.take('a').taken).toBe(false);
    expect(buckets.take('b').taken).toBe(true);
  });
});
