import { PoisonLimits } from './PoisonLimits';

describe('the limits of poison (E9)', () => {
  let now: number;
  let limits: PoisonLimits;
  beforeEach(() => {
    now = 1_000_000;
    limits = new PoisonLimits({ monotonicMs: () => now });
  });
  const commit = (clusterId: string, seen: number, poison = 0) => {
    const allowed = poison === 0 || limits.allow(clusterId, { seen, poison });
    if (allowed) {
      limits.committed(clusterId, { seen, poison });
    }
    return allowed;
  };

  it('let a few odd events pass', () => {
    expect(commit('fra1', 1, 1)).toBe(true);
    expect(commit('fra1', 50, 3)).toBe(true);
    expect(commit('fra1', 1_000)).toBe(true);
    expect(commit('fra1', 100, 6)).toBe(true); // 10 of 1,151
  });

  it('halt a cluster of which over 1 % is poison', () => {
    expect(commit('fra1', 200)).toBe(true);
    expect(commit('fra1', 200, 4)).toBe(true);
    expect(commit('fra1', 10, 1)).toBe(false);
    expect(commit('ams1', 10, 1)).toBe(true);
  });

  it('halt a cluster of which over 100 events a minute are poison', () => {
    expect(commit('fra1', 50_000)).toBe(true);
    expect(commit('fra1', 100, 100)).toBe(true);
    now += 50_000;
    expect(commit('fra1', 1, 1)).toBe(false);
  });

  it('look at the last minute only', () => {
    expect(commit('fra1', 50_000)).toBe(true);
    expect(commit('fra1', 100, 100)).toBe(true);
    now += 66_000;
    expect(commit('fra1', 1, 1)).toBe(true);
  });

  it('keep a cluster halted, also later, until it commits without poison', () => {
    expect(commit('fra1', 100, 50)).toBe(false);
    now += 120_000;
    expect(commit('fra1', 1, 1)).toBe(false);
    expect(limits.committed('fra1', { seen: 1, poison: 0 })).toBe(true);
    expect(commit('fra1', 1, 1)).toBe(true);
  });

  it('halt everybody where each is below its own limit and all together are not', () => {
    for (let i = 0; i < 10; i += 1) {
      commit(`c${i}`, 10_000);
    }
    let allowed = 0;
    for (let i = 0; i < 40; i += 1) {
      allowed += commit(`c${i}`, 4, 4) ? 4 : 0;
    }
    expect(allowed).toBeLessThanOrEqual(100);
    expect(commit('another', 1, 1)).toBe(false);
    now += 66_000;
    expect(commit('another', 1, 1)).toBe(false);
    expect(commit('another', 1)).toBe(true); // a better release
    expect(commit('another', 1, 1)).toBe(true);
  });

  it('forget a halted cluster that is served elsewhere', () => {
    expect(commit('fra1', 100, 50)).toBe(false);
    now += 241_000;
    expect(commit('ams1', 1, 1)).toBe(true);
    expect(commit('fra1', 1, 1)).toBe(true);
  });
});
