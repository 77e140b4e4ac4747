import { applicationStatus } from './appliedEvents.ts';
import type { LightOperator } from './LightOperator.ts';

/**
 * Puts status events on operators' journals and waits for their acknowledgement. The events go around the applications that an operator
 * was told to apply, and each differs from the one before.
 */
export class EventStream {
  readonly #operators: readonly LightOperator[];
  readonly #putAt = new Map<LightOperator, Map<bigint, number>>();
  readonly #latenciesMs: number[] = [];
  #waiting = 0;
  #turn = 0;
  #done: () => void = () => {};

  constructor(operators: readonly LightOperator[]) {
    this.#operators = operators;
    for (const operator of operators) {
      if (operator.applications().length === 0) {
        throw new Error(`${operator.name} has no application to tell of`);
      }
      this.#putAt.set(operator, new Map());
    }
  }

  /** To be called with each acknowledgement of any operator. */
  acknowledged(operator: LightOperator, seq: bigint): void {
    const putAt = this.#putAt.get(operator);
    if (!putAt) {
      return;
    }
    const now = performance.now();
    for (const [put, at] of putAt) {
      if (put > seq) {
        break; // in the order of sequences
      }
      putAt.delete(put);
      this.#latenciesMs.push(now - at);
      this.#waiting -= 1;
    }
    if (this.#waiting === 0) {
      this.#done();
    }
  }

  /** @returns seconds until everything was acknowledged */
  async blast(eventsEach: number): Promise<number> {
    const startedAt = performance.now();
    for (let count = 0; count < eventsEach; count += 1) {
      this.#operators.forEach(operator => this.#put(operator));
    }
    this.#operators.forEach(operator => operator.flush());
    await this.#settled();
    return (performance.now() - startedAt) / 1_000;
  }

  /** @returns milliseconds from being sent to being acknowledged, of each event */
  async stream(eventsPerSecond: number, seconds: number): Promise<number[]> {
    const total = eventsPerSecond * seconds;
    const startedAt = performance.now();
    let put = 0;
    await new Promise<void>(resolve => {
      const timer = setInterval(() => {
        const elapsed = (performance.now() - startedAt) / 1_000;
        const due = Math.min(total, Math.floor(elapsed * eventsPerSecond));
        for (; put < due; put += 1) {
          const operator = this.#operators[put % this.#operators.length];
          this.#put(operator);
          operator.flush();
        }
        if (put === total) {
          clearInterval(timer);
          resolve();
        }
      }, 5);
    });
    await this.#settled();
    return this.#latenciesMs;
  }

  #put(operator: LightOperator): void {
    const applications = operator.applications();
    this.#turn += 1;
    const about = applications[this.#turn % applications.length];
    const { tenant, application } = about;
    const seq = operator.put(
      `status/applications/${tenant}/${application}`,
      applicationStatus(about, this.#turn),
    );
    this.#putAt.get(operator)?.set(seq, performance.now());
    this.#waiting += 1;
  }

  async #settled(): Promise<void> {
    if (this.#waiting > 0) {
      await new Promise<void>(resolve => {
        this.#done = resolve;
      });
    }
  }
}
