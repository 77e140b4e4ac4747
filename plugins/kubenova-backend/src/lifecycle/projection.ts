import type { Knex } from 'knex';
import { createHash } from 'node:crypto';
import type {
  ChangedRef,
  EventHandler,
  GapRecordEvent,
  LifecycleRecordEvent,
  OperatorEvent,
} from '../link/types';
import type { LifecycleStore } from './LifecycleStore';
import type { LifecycleEntry } from './types';

/** Keeps the lifecycle records that operators send, and what they had to give up. */
export class LifecycleProjection
  implements EventHandler<LifecycleRecordEvent | GapRecordEvent>
{
  readonly types = ['lifecycleRecord', 'gapRecord'] as const;
  readonly #store: LifecycleStore;

  constructor(options: { store: LifecycleStore }) {
    this.#store = options.store;
  }

  async handle(
    tx: Knex.Transaction,
    events: ReadonlyArray<OperatorEvent<LifecycleRecordEvent | GapRecordEvent>>,
  ): Promise<ChangedRef[]> {
    await this.#store.record(
      tx,
      events.map(told => ({
        clusterId: told.cluster.id,
        entry: toEntry(told),
      })),
    );
    const names = new Set(events.map(({ cluster }) => cluster.name));
    return [...names].map(name => ({ kind: 'cluster', name }));
  }
}

function toEntry(
  told: OperatorEvent<LifecycleRecordEvent | GapRecordEvent>,
): LifecycleEntry {
  const { event } = told;
  switch (event.type) {
    case 'lifecycleRecord':
      return { ...event, type: 'step' };
    case 'gapRecord':
      return { ...event, type: 'gap', id: gapId(told) };
    default:
      throw new Error(`Unknown event: ${event satisfies never}`);
  }
}

/** A gap has no id of its own: its place in the journal is made one, so that it counts once as well. */
function gapId({ incarnation, position: [, seq] }: OperatorEvent): string {
  const hex = createHash('sha256')
    .update(`${incarnation}/${seq}`)
    .digest('hex');
  return hex
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
