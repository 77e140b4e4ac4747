import { Knex } from 'knex';
import {
  ApplicationStatusEvent,
  ApplyResultEvent,
  ChangedRef,
  EventHandler,
  EventPosition,
  LifecycleRecordEvent,
  OperatorEvent,
  SnapshotListener,
  TenantStatusEvent,
  UsageRecordEvent,
} from '../../types';

type LedgerEvent =
  | UsageRecordEvent
  | LifecycleRecordEvent
  | TenantStatusEvent
  | ApplicationStatusEvent
  | ApplyResultEvent;

const TYPES = [
  'usageRecord',
  'lifecycleRecord',
  'tenantStatus',
  'applicationStatus',
  'applyResult',
] as const;

/**
 * A domain that keeps every record each time it comes, and the newest state of each object, so that it can be told afterwards what
 * came, how often, and under which epoch.
 */
export class Ledger implements EventHandler<LedgerEvent>, SnapshotListener {
  readonly types = TYPES;

  async handle(
    tx: Knex.Transaction,
    events: ReadonlyArray<OperatorEvent<LedgerEvent>>,
  ): Promise<ChangedRef[]> {
    for (const event of events) {
      await keep(tx, event);
    }
    return [];
  }

  /** E7: what a complete snapshot did not name is not there. */
  async snapshotEnded(
    tx: Knex.Transaction,
    snapshot: { cluster: { id: string }; begin: EventPosition },
  ): Promise<ChangedRef[]> {
    await tx('ledger_states')
      .where({ cluster_id: snapshot.cluster.id })
      .whereRaw('position < CAST(? AS bigint[])', [[...snapshot.begin]])
      .delete();
    return [];
  }
}

/** A release whose every event is refused by Postgres for its data (E9). */
export class PoisonHandler implements EventHandler {
  readonly types = TYPES;

  async handle(tx: Knex.Transaction): Promise<ChangedRef[]> {
    await tx.raw(`SELECT CAST('poison' AS integer)`);
    return [];
  }
}

async function keep(
  tx: Knex.Transaction,
  { cluster, incarnation, position, event }: OperatorEvent<LedgerEvent>,
): Promise<void> {
  const place = { clusterId: cluster.id, incarnation, position };
  switch (event.type) {
    case 'usageRecord':
      await keepRecord(tx, place, `${event.tenant}/${event.hour.toISO()}`);
      break;
    case 'lifecycleRecord':
      await keepRecord(tx, place, event.id);
      break;
    case 'tenantStatus':
      await keepState(tx, place, {
        ...event,
        key: `tenants/${event.tenant}`,
      });
      break;
    case 'applicationStatus':
      await keepState(tx, place, {
        ...event,
        key: `applications/${event.tenant}/${event.application}`,
      });
      break;
    case 'applyResult':
      if (event.outcome === 'Deleted') {
        await dropState(tx, cluster.id, event);
      }
      break;
    default:
      throw new Error(`Unknown event ${JSON.stringify(event satisfies never)}`);
  }
}

interface Place {
  clusterId: string;
  incarnation: string;
  position: EventPosition;
}

async function keepRecord(
  tx: Knex.Transaction,
  { clusterId, incarnation, position }: Place,
  record: string,
): Promise<void> {
  await tx.raw(
    `INSERT INTO ledger_records (cluster_id, record, incarnation, epoch, open_epoch, holder)
     SELECT cluster_id, :record, :incarnation, :epoch, epoch, replica FROM links WHERE cluster_id = :clusterId`,
    { clusterId, record, incarnation, epoch: position[0] },
  );
}

/**
 * E3: what is of an older generation changes nothing, and neither does what is of an object that nobody wants: the state of one that was
 * deleted may come after the word that it is gone.
 */
async function keepState(
  tx: Knex.Transaction,
  { clusterId, position }: Place,
  state: {
    key: string;
    uid: string;
    generation: number;
    conditions: TenantStatusEvent['conditions'];
  },
): Promise<void> {
  const revision =
    state.conditions.find(({ type }) => type === 'Revision')?.message ?? '';
  await tx.raw(
    `INSERT INTO ledger_states (cluster_id, key, uid, generation, revision, position)
     SELECT :clusterId, :key, :uid, :generation, :revision, CAST(:position AS bigint[])
     FROM desired_states wanted
     WHERE wanted.cluster_id = :clusterId AND wanted.key = :key AND wanted.uid = :uid AND wanted.deleted_at IS NULL
     ON CONFLICT (cluster_id, key) DO UPDATE SET
       uid = excluded.uid, generation = excluded.generation, revision = excluded.revision, position = excluded.position
     WHERE excluded.generation >= ledger_states.generation AND excluded.position > ledger_states.position`,
    {
      clusterId,
      key: state.key,
      uid: state.uid,
      generation: state.generation,
      revision,
      position: [...position],
    },
  );
}

async function dropState(
  tx: Knex.Transaction,
  clusterId: string,
  result: ApplyResultEvent,
): Promise<void> {
  await tx('ledger_states')
    .where({ cluster_id: clusterId, key: result.key, uid: result.uid })
    .where('generation', '<=', result.generation)
    .delete();
}
