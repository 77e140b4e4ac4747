import { behind } from './checks/behind.ts';
import { doubled } from './checks/doubled.ts';
import { fencing } from './checks/fencing.ts';
import { names } from './checks/names.ts';
import { progress } from './checks/progress.ts';
import { states } from './checks/states.ts';
import { wanted } from './checks/wanted.ts';
import type { Observation, Violation } from './observation.ts';
import { RecordLedger } from './RecordLedger.ts';
import { WishLedger } from './WishLedger.ts';

/** Knows what must be true when everything is healed and has come to rest. */
export class Model {
  readonly #records = new Map<string, RecordLedger>();
  readonly #wishes = new Map<string, WishLedger>();

  constructor(clusters: readonly string[]) {
    for (const cluster of clusters) {
      this.#records.set(cluster, new RecordLedger());
    }
  }

  records(cluster: string): RecordLedger {
    return this.#records.get(cluster)!;
  }

  wishes(cluster: string, key: string): WishLedger {
    const name = `${cluster} ${key}`;
    let ledger = this.#wishes.get(name);
    if (!ledger) {
      ledger = new WishLedger();
      this.#wishes.set(name, ledger);
    }
    return ledger;
  }

  /** The database has these records, by cluster, and knows nothing of what happened since. */
  databaseRestored(committed: ReadonlyMap<string, ReadonlySet<number>>): void {
    for (const [cluster, records] of this.#records) {
      records.databaseRestored(committed.get(cluster) ?? new Set());
    }
    this.#wishes.forEach(ledger => ledger.databaseRestored());
  }

  /** What its datacenter has is wanted of the cluster from now on (D9), whatever was answered since the database went back. */
  adopted(cluster: string): void {
    for (const [name, ledger] of this.#wishes) {
      if (name.startsWith(`${cluster} `)) {
        ledger.databaseRestored();
      }
    }
  }

  /** Every promise that is broken. */
  check(seen: Observation): Violation[] {
    return [
      ...this.#lostRecords(seen),
      ...this.#unknownRecords(seen),
      ...doubled(seen),
      ...this.#wishesKept(seen),
      ...fencing(seen),
      ...progress(seen),
      ...wanted(seen),
      ...states(seen),
      ...names(seen),
      ...behind(seen),
    ];
  }

  #lostRecords({ records, parked }: Observation): Violation[] {
    const promise = 'every acknowledged record is in the database' as const;
    const lost = [...this.#records].map(([cluster, ledger]) => {
      const kept = new Set(
        records
          .filter(record => record.cluster === cluster)
          .map(({ record }) => record),
      );
      const missing = ledger.promised.filter(record => !kept.has(record));
      return { cluster, missing };
    });
    return [
      ...lost
        .filter(({ missing }) => missing.length > 0)
        .map(({ cluster, missing }) => ({
          promise,
          detail: `${cluster}: ${missing.length} lost: ${missing.join(', ')}`,
        })),
      ...parked.map(({ cluster, key }) => ({
        promise,
        detail: `${key} of ${cluster} is still set aside`,
      })),
    ];
  }

  #unknownRecords({ records }: Observation): Violation[] {
    return records
      .filter(
        ({ cluster, record }) =>
          record !== undefined && !this.records(cluster).has(record),
      )
      .map(({ cluster, record }) => ({
        promise: 'no record is committed twice, or billed twice' as const,
        detail: `record ${record} of ${cluster} was committed, and nobody emitted it`,
      }));
  }

  #wishesKept({ wanted: rows }: Observation): Violation[] {
    return [...this.#wishes].flatMap(([name, ledger]) => {
      const row = rows.find(({ cluster, key }) => `${cluster} ${key}` === name);
      return ledger.mayBe(row && { uid: row.uid, yaml: row.yaml })
        ? []
        : [
            {
              promise: 'what was written down is wanted' as const,
              detail: `${name} is to be ${ledger}, and is ${JSON.stringify(
                row,
              )}`,
            },
          ];
    });
  }
}
