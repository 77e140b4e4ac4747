import type * as models from '../schema/openapi/generated/models';
import type { LifecycleEntry } from './types';

/** An entry in the API's words. */
export function toLifecycleModel(entry: LifecycleEntry): models.LifecycleEntry {
  const observedAt = entry.observedAt.toJSDate();
  switch (entry.type) {
    case 'step': {
      const { id, key, uid, generation, step, message } = entry;
      return { id, observedAt, key, uid, generation, step, message };
    }
    case 'gap':
      return {
        id: entry.id,
        observedAt,
        message: `The operator had to give up ${entry.dropped} entries (${entry.kind}) for want of space.`,
        gap: {
          dropped: entry.dropped,
          kind: entry.kind,
          ...(entry.since && { since: entry.since.toJSDate() }),
          ...(entry.until && { until: entry.until.toJSDate() }),
        },
      };
    default:
      throw new Error(`Unknown entry: ${entry satisfies never}`);
  }
}
