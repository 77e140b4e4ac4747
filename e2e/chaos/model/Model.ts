import { fencing } from './checks/fencing.ts';
import { names } from './checks/names.ts';
import { progress } from './checks/progress.ts';
import { states } from './checks/states.ts';
import { wanted } from './checks/wanted.ts';
import type { Observation, Violation } from './observation.ts';
import { RecordLedger } from './RecordLedger.ts';
import { WishLedger } from './WishLedger.ts';

/** Who may write for a session without being one: an administrator who decides about a Manager that is behind (D9). */
export const ADMINISTRATOR = 'administrator';

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

  /** Every promise that is broken. */
  check(seen: Observation): Violation[] {
    return [
      ...this.#lostRecords(seen),
      ...this.#doubledRecords(seen),
      ...this.#wishesKept(seen),
      ...fencing(seen),
      ...progress(seen),
      ...wanted(seen),
      ...states(seen),
      ...names(seen),
      ...seen.behind.map(cluster => ({
        promise: 'no cluster is behind its datacenter' as const,
        detail: `${cluster} is behind`,
      })),
    ];
  }

  #lostRecords({ records, parked }: Observation): Violation[] {
    return [...this.#records].flatMap(([cluster, ledger]) => {
      const kept = new Set(
        [...records, ...parked]
          .filter(record => record.cluster === cluster)
          .map(({ record }) => record),
      );
      const lost = ledger.promised.filter(record => !kept.has(record));
      return lost.length > 0
        ? [
            {
              promise: 'every acknowledged record is in the database' as const,
              detail: `${cluster}: ${lost.length} lost: ${lost.join(', ')}`,
            },
          ]
        : [];
    });
  }

  #doubledRecords({ records }: Observation): Violation[] {
    const promise = 'no record is committed twice' as const;
    const times = new Map<string, number>();
    for (const { cluster, record, incarnation } of records) {
      const name = `${cluster} ${record} of journal ${incarnation}`;
      times.set(name, (times.get(name) ?? 0) + 1);
    }
    return [
      ...[...times]
        .filter(([, count]) => count > 1)
        .map(([name, count]) => ({
          promise,
          detail: `record ${name} was committed ${count} times`,
        })),
      ...records
        .filter(({ cluster, record }) => !this.records(cluster).has(record))
        .map(({ cluster, record }) => ({
          promise,
          detail: `record ${record} of ${cluster} was committed, and nobody emitted it`,
        })),
    ];
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
