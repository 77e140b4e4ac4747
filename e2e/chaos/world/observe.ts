import type {
  AcceptedChange,
  CommittedRecord,
  LinkChange,
  Observation,
  ShownState,
  WantedState,
} from '../model/observation.ts';
import { recordNumber, recordOfHour } from '../operator/usageRecord.ts';
import type { ChaosPostgres } from './ChaosPostgres.ts';
import type { World } from './World.ts';

const USAGE = 'usage/';

/** Looks at everything, from outside. @throws where Postgres does not answer. */
export async function observe(world: World): Promise<Observation> {
  const { postgres } = world;
  return {
    records: await committedRecords(postgres),
    parked: await parkedEvents(postgres),
    links: await linkChanges(postgres),
    accepted: await acceptedChanges(postgres),
    wanted: await wantedStates(postgres),
    shown: await shownStates(postgres),
    billed: await billedMinutes(postgres),
    behind: await behindClusters(postgres),
    ...datacenters(world),
  };
}

function datacenters({ operators }: World) {
  const named = operators.map(operator => ({
    cluster: operator.cluster.name,
    operator,
  }));
  return {
    objects: named.flatMap(({ cluster, operator }) =>
      operator.datacenter.list().map(object => ({ cluster, ...object })),
    ),
    histories: named.flatMap(({ cluster, operator }) =>
      operator.datacenter.history().map(history => ({ cluster, ...history })),
    ),
    stored: named.flatMap(({ cluster, operator }) =>
      operator.stored.map(state => ({ cluster, ...state })),
    ),
    epochs: named.map(({ cluster, operator }) => ({
      cluster,
      lives: operator.epochs,
    })),
  };
}

/** The numbers of the records that are committed or set aside, by cluster. */
export async function committedNumbers(
  postgres: ChaosPostgres,
): Promise<Map<string, Set<number>>> {
  const parked = await parkedEvents(postgres);
  const kept = [
    ...(await committedRecords(postgres)),
    ...parked
      .filter(({ key }) => key.startsWith(USAGE))
      .map(({ cluster, key }) => ({
        cluster,
        record: recordNumber(key.slice(USAGE.length)),
      })),
  ];
  return new Map(
    [...Map.groupBy(kept, ({ cluster }) => cluster)].map(
      ([cluster, records]) => [
        cluster,
        new Set(
          records
            .map(({ record }) => record)
            .filter(record => record !== undefined),
        ),
      ],
    ),
  );
}

async function committedRecords(
  postgres: ChaosPostgres,
): Promise<CommittedRecord[]> {
  const rows = await postgres.query(
    `SELECT clusters.name AS cluster, ledger.* FROM ledger_records ledger
     JOIN clusters ON clusters.id = ledger.cluster_id ORDER BY ledger.id`,
  );
  return rows.map(row => ({
    cluster: row.cluster,
    name: row.record,
    record: recordNumber(row.record),
    incarnation: row.incarnation,
    epoch: Number(row.epoch),
    openEpoch: Number(row.open_epoch),
    holder: row.holder,
    writer: row.writer,
  }));
}

async function parkedEvents(postgres: ChaosPostgres) {
  return postgres.query<{ cluster: string; key: string }>(
    `SELECT clusters.name AS cluster, parked.key FROM parked_events parked
     JOIN clusters ON clusters.id = parked.cluster_id`,
  );
}

async function billedMinutes(postgres: ChaosPostgres) {
  const rows = await postgres.query<{
    cluster: string;
    hour: Date;
    pod_minutes: string;
  }>('SELECT cluster, hour, pod_minutes FROM usage_records');
  return rows.map(({ cluster, hour, pod_minutes: minutes }) => ({
    cluster,
    record: recordOfHour(hour),
    minutes: Number(minutes),
  }));
}

async function behindClusters(postgres: ChaosPostgres): Promise<string[]> {
  const rows = await postgres.query<{ cluster: string }>(
    `SELECT DISTINCT clusters.name AS cluster FROM behind_keys
     JOIN clusters ON clusters.id = behind_keys.cluster_id`,
  );
  return rows.map(({ cluster }) => cluster);
}

async function linkChanges(postgres: ChaosPostgres): Promise<LinkChange[]> {
  const rows = await postgres.query(
    `SELECT clusters.name AS cluster, ledger.* FROM ledger_links ledger
     JOIN clusters ON clusters.id = ledger.cluster_id ORDER BY ledger.id`,
  );
  return rows.map(row => ({
    cluster: row.cluster,
    before: {
      epoch: Number(row.epoch_before),
      incarnation: row.incarnation_before ?? '',
      acked: Number(row.acked_before),
      generation: Number(row.generation_before),
    },
    after: {
      epoch: Number(row.epoch),
      incarnation: row.incarnation ?? '',
      acked: Number(row.acked),
      generation: Number(row.generation),
    },
    holder: row.holder ?? '',
    writer: row.writer,
  }));
}

async function acceptedChanges(
  postgres: ChaosPostgres,
): Promise<AcceptedChange[]> {
  const rows = await postgres.query(
    `SELECT clusters.name AS cluster, ledger.* FROM ledger_accepted ledger
     JOIN clusters ON clusters.id = ledger.cluster_id ORDER BY ledger.id`,
  );
  return rows.map(row => ({
    cluster: row.cluster,
    key: row.key,
    accepted: Number(row.accepted),
    epoch: Number(row.epoch),
    isBehind: row.behind,
    holder: row.holder ?? '',
    writer: row.writer,
  }));
}

async function wantedStates(postgres: ChaosPostgres): Promise<WantedState[]> {
  const rows = await postgres.query(
    `SELECT clusters.name AS cluster, desired.* FROM desired_states desired
     JOIN clusters ON clusters.id = desired.cluster_id ORDER BY cluster, key`,
  );
  return rows.map(row => ({
    cluster: row.cluster,
    key: row.key,
    uid: row.uid,
    generation: Number(row.generation),
    yaml: row.yaml ?? undefined,
    accepted: optionalNumber(row.accepted_generation),
    result:
      row.outcome === null
        ? undefined
        : {
            generation: Number(row.result_generation),
            outcome: row.outcome,
          },
    isDeleted: row.deleted_at !== null,
  }));
}

async function shownStates(postgres: ChaosPostgres): Promise<ShownState[]> {
  const rows = await postgres.query(
    `SELECT clusters.name AS cluster, ledger.* FROM ledger_states ledger
     JOIN clusters ON clusters.id = ledger.cluster_id ORDER BY cluster, key`,
  );
  return rows.map(row => ({
    cluster: row.cluster,
    key: row.key,
    uid: row.uid,
    generation: Number(row.generation),
    revision: row.revision,
  }));
}

function optionalNumber(value: string | null): number | undefined {
  return value === null ? undefined : Number(value);
}
