/** The real operator's link: moved through its journal, and looked at there. */
import {
  type Bindings,
  type ManagerAct,
  type ManagerWorld,
  type Observed,
  type OperatorAct,
  type OperatorWorld,
  type Subject,
} from '@kubenova/proto/conformance/index.ts';
import { DateTime } from 'luxon';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DesiredState, Guard, OperatorEvent } from '../../types.ts';
import { tenantEvent, type TestOperator } from '../TestOperator.ts';

const PATIENCE_MS = 20_000;

/** A guard that refuses what a case says. */
export class ScriptedGuard implements Guard {
  readonly #reasons = new Map<string, string>();

  refuse(key: string, reason: string): void {
    this.#reasons.set(key, reason);
  }

  check({ key }: DesiredState) {
    const reason = this.#reasons.get(key);
    return reason === undefined
      ? { allowed: true as const }
      : { allowed: false as const, reason };
  }
}

export class OperatorSubject implements Subject {
  readonly #operator: TestOperator;
  readonly #guard: ScriptedGuard;
  readonly #known: OperatorEvent[] = [];

  constructor(options: { operator: TestOperator; guard: ScriptedGuard }) {
    this.#operator = options.operator;
    this.#guard = options.guard;
    this.#operator.snapshots.onRequest(async ({ wants }) => {
      this.#known
        .filter(({ key }) => wants(key))
        .forEach(event => this.#operator.journal.events.put(event));
    });
  }

  async does(act: OperatorAct | ManagerAct, bindings: Bindings): Promise<void> {
    const { events } = this.#operator.journal;
    switch (act.act) {
      case 'sees':
        events.put(toOperatorEvent(act.event, bindings));
        break;
      case 'knows':
        this.#known.push(
          ...act.events.map(event => toOperatorEvent(event, bindings)),
        );
        break;
      case 'refuses':
        this.#guard.refuse(act.key, act.reason);
        break;
      case 'stops':
        this.#operator.interrupt();
        break;
      default:
        throw new Error(`An operator does not do '${act.act}'`);
    }
  }

  /** Waits until the world is so. */
  async has(expected: OperatorWorld | ManagerWorld): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      try {
        this.#compare(expected as OperatorWorld);
        return;
      } catch (error) {
        if (Date.now() > deadline) {
          throw error;
        }
      }
      await sleep(2);
    }
  }

  #compare(expected: OperatorWorld): void {
    const { journal, state } = this.#operator;
    const { ackedSeq, assignedSeq } = journal.events;
    const { holds, linked, ...head } = expected;
    if (holds) {
      const held = journal.desiredStates
        .list()
        .map(({ uid: _uid, ...rest }) => rest);
      assert.deepEqual(held, holds);
    }
    const { highestEpoch } = journal;
    assert.deepEqual(
      { ackedSeq, assignedSeq, highestEpoch, ...head },
      {
        ackedSeq,
        assignedSeq,
        highestEpoch,
      },
    );
    if (linked) {
      const { status, reason, message } = state.condition();
      assert.deepEqual(
        { status, reason },
        { status: linked.status, reason: linked.reason },
      );
      assert.ok(message?.includes(linked.saying ?? ''));
    }
  }
}

function toOperatorEvent(
  observed: Observed,
  bindings: Bindings,
): OperatorEvent {
  const kind = observed.record ? 'record' : 'state';
  const observedAt = DateTime.utc();
  switch (observed.of) {
    case 'tenantStatus':
      return { ...tenantEvent(observed.tenant, observed.phase), kind };
    case 'applyResult': {
      const { key, generation, outcome, message = '' } = observed;
      const uid = bindings.uuidOf(observed.uid);
      return {
        key: `apply/${key}`,
        kind,
        observedAt,
        body: {
          case: 'applyResult',
          value: { key, uid, generation, outcome, message },
        },
      };
    }
    case 'usageRecord': {
      const { tenant, hour, minutes } = observed;
      return {
        key: `usage/${tenant}/${hour}`,
        kind: 'record',
        observedAt,
        body: {
          case: 'usageRecord',
          value: {
            tenant,
            hour: DateTime.fromISO(hour, { zone: 'utc' }),
            minutes,
            meters: [
              { meter: 'cpu_request', unit: 'core-minutes', quantity: '1.5' },
            ],
          },
        },
      };
    }
    default:
      throw new Error(`An operator does not see a ${observed.of}`);
  }
}
