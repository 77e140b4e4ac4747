import type {
  AcceptedChange,
  CommittedRecord,
  LinkChange,
  Observation,
  ShownState,
  WantedState,
} from '../model/observation.ts';
import { recordNumber } from '../operator/usageRecord.ts';
import type { ChaosPostgres } from './ChaosPostgres.ts';
import type { World } from './World.ts';

/** Looks at everything, from outside. @throws where Postgres does not answer. */
export async function observe(world: World): Promise<Observation> {
  const { postgres } = world;
  return {
    records: await committedRecords(postgres),
    parked: await parkedRecords(postgres),
    links: await linkChanges(postgres),
    accepted: await acceptedChanges(postgres),
    wanted: await wantedStates(postgres),
    shown: await shownStates(postgres),
    behind: [],
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
    epochs: named.map(({ cluster, operator }) => ({
      cluster,
      lives: operator.epochs,
    })),
  };
}

/** The numbers of the records that are committed, by cluster. */
export async function committedNumbers(
  postgres: ChaosPostgres,
): Promise<Map<string, Set<number>>> {
  const numbers = new Map<string, Set<number>>();
  for (const { cluster, record } of [
    ...(await committedRecords(postgres)),
    ...(await parkedRecords(postgres)),
  ]) {
    numbers.set(cluster, (numbers.get(cluster) ?? new Set()).add(record));
  }
  return numbers;
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
    record: recordNumber(row.record),
    incarnation: row.incarnation,
    epoch: Number(row.epoch),
    openEpoch: Number(row.open_epoch),
    holder: row.holder,
    writer: row.writer,
  }));
}

async function parkedRecords(postgres: ChaosPostgres) {
  const rows = await postgres.query<{ cluster: string; key: string }>(
    `SELECT clusters.name AS cluster, parked.key FROM parked_events parked
     JOIN clusters ON clusters.id = parked.cluster_id WHERE parked.key LIKE 'usage/%'`,
  );
  return rows.map(({ cluster, key }) => ({
    cluster,
    record: recordNumber(key.slice('usage/'.length)),
  }));
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
