import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { ApplyOutcome, type Event } from '../src/index.ts';
import type { Pattern } from './patterns.ts';
import type { Observed } from './types.ts';

const OUTCOMES = {
  Applied: ApplyOutcome.APPLIED,
  Failed: ApplyOutcome.FAILED,
  Refused: ApplyOutcome.REFUSED,
  Deleted: ApplyOutcome.DELETED,
} as const;

/** What an observation is on the wire, without its sequence and its time. */
export function wireEvent(observed: Observed): Pattern<Event> {
  switch (observed.of) {
    case 'tenantStatus': {
      const { tenant, phase } = observed;
      return {
        key: `status/tenants/${tenant}`,
        body: {
          case: 'tenantStatus',
          value: { tenant, uid: `uid-${tenant}`, generation: 1n, phase },
        },
      };
    }
    case 'applyResult': {
      const { key, uid, generation, outcome, message = '' } = observed;
      return {
        key: `apply/${key}`,
        body: {
          case: 'applyResult',
          value: {
            key,
            uid,
            generation: BigInt(generation),
            outcome: OUTCOMES[outcome],
            message,
          },
        },
      };
    }
    case 'usageRecord': {
      const { tenant, hour, minutes } = observed;
      return {
        key: `usage/${tenant}/${hour}`,
        body: {
          case: 'usageRecord',
          value: {
            tenant,
            hour: timestampFromMs(Date.parse(hour)),
            minutes,
            meters: [
              { meter: 'cpu_request', unit: 'core-minutes', quantity: '1.5' },
            ],
          },
        },
      };
    }
    case 'snapshotMark':
      return {
        body: {
          case: 'snapshotMark',
          value: { id: observed.id, end: observed.end },
        },
      };
    case 'lifecycleRecord': {
      const { id, key, step } = observed;
      return {
        body: {
          case: 'lifecycleRecord',
          value: { id, key, step, generation: 1n },
        },
      };
    }
    case 'gapRecord':
      return {
        key: 'gap/lifecycle',
        body: {
          case: 'gapRecord',
          value: { dropped: observed.dropped, kind: 'lifecycle' },
        },
      };
    case 'nothing':
      return { key: observed.key };
    default:
      throw new Error(`Unknown observation ${observed satisfies never}`);
  }
}
