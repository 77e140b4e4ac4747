import type { OperatorEvent, SampledHour } from '@kubenova/operator/link';
import type { DateTime } from 'luxon';
import type { SimulatedOperator } from './SimulatedOperator.ts';

type Health = 'Healthy' | 'Degraded';
type Application = {
  tenant: string;
  name: string;
  uid: string;
  /** How many times its health has changed. */
  changes: number;
};

/** Tenants that use something each minute, and applications whose health changes; remembers what has to be told of them. */
export class SimulatedDatacenter {
  readonly applications: readonly Application[];
  readonly #operator: SimulatedOperator;
  readonly #tenants: readonly string[];
  readonly #minutes = new Map<string, bigint>();

  constructor(options: {
    operator: SimulatedOperator;
    tenants: readonly string[];
    applications: ReadonlyArray<Omit<Application, 'changes'>>;
  }) {
    this.#operator = options.operator;
    this.#tenants = options.tenants;
    this.applications = options.applications.map(each => ({
      ...each,
      changes: 0,
    }));
  }

  /** The minutes that were sampled, by `tenant hour`. */
  get minutes(): ReadonlyMap<string, bigint> {
    return this.#minutes;
  }

  keyOf({ tenant, name }: Application): string {
    return `applications/${tenant}/${name}`;
  }

  /** Takes a sample of every tenant, and closes the hours that are over. */
  sampleUsage(): void {
    const { clock, journal } = this.#operator;
    const minute = clock.now().startOf('minute');
    const hour = minute.startOf('hour');
    for (const tenant of this.#tenants) {
      journal.samples.add({ tenant, minute, meters: { pods: '1' } });
      const slot = `${tenant} ${hour.toISO()}`;
      const seen = this.#minutes.get(slot) ?? 0n;
      this.#minutes.set(slot, seen | (1n << BigInt(minute.minute)));
    }
    journal.samples.closeHours(hour, closed => usageEvent(closed, minute));
  }

  /** The health of an application changes, and is told. */
  changeHealth(application: Application): void {
    const { journal } = this.#operator;
    application.changes += 1;
    const key = this.keyOf(application);
    const held = journal.desiredStates.get(key);
    if (!held) {
      throw new Error(`${key} is not wanted here`);
    }
    journal.events.put(
      statusEvent(application, held.generation, this.#operator.clock.now()),
    );
  }
}

function statusEvent(
  { tenant, name, uid, changes }: Application,
  generation: number,
  observedAt: DateTime,
): OperatorEvent {
  const health: Health = changes % 2 === 0 ? 'Healthy' : 'Degraded';
  return {
    key: `status/applications/${tenant}/${name}`,
    kind: 'state',
    observedAt,
    body: {
      case: 'applicationStatus',
      value: {
        tenant,
        application: name,
        uid,
        generation,
        health,
        phase: 'running',
        message: '',
        components: [],
        steps: [],
        // Where the ledger looks for which state it is.
        conditions: [
          { type: 'Revision', status: 'True', message: String(changes) },
        ],
        gone: false,
      },
    },
  };
}

function usageEvent(hour: SampledHour, observedAt: DateTime): OperatorEvent {
  return {
    key: `usage/${hour.tenant}/${hour.hour.toISO()}`,
    kind: 'record',
    observedAt,
    body: {
      case: 'usageRecord',
      value: {
        tenant: hour.tenant,
        hour: hour.hour,
        minutes: hour.minutes,
        meters: [
          {
            meter: 'pods',
            unit: 'count-minutes',
            quantity: hour.meters.pods ?? '0',
          },
        ],
      },
    },
  };
}
