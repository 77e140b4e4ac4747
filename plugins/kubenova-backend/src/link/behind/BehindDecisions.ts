import { Knex } from 'knex';
import { DateTime } from 'luxon';
import {
  isUniqueViolation,
  StateConflictError,
  UnknownObjectError,
} from '../../errors';
import { limitedTransaction } from '../lease/limitedTransaction';
import { deliveryRank } from '../outbox/deliveryRank';
import { lockLink } from '../outbox/operations/lockLink';
import { nudge } from '../outbox/operations/nudge';
import { ChangedRef, ChangeNotifier } from '../types';
import { overwrite } from './operations/overwrite';
import { readBehindEntries } from './operations/readBehindEntries';
import { writeAdopted } from './operations/writeAdopted';
import {
  BehindDecision,
  BehindEntry,
  DesiredStateAdopter,
  HeldDesiredState,
} from './types';

type Cluster = { id: string; name: string };

/** What is decided, by whom. */
export interface DecisionRequest {
  decision: BehindDecision;
  /** Absent: about all. With an etag, only if nothing changed since it was read. */
  keys?: ReadonlyArray<{ key: string; etag?: string }>;
  actor: string;
}

/**
 * Decides whose word is the last where a Manager has lost its past (D9): the datacenter's or its own.
 *
 * 1. A decision is one transaction under the link row's lock: it is about what was there when it took the lock, and the pump, the digest
 *    and every writer of desired state see all of it or nothing.
 * 2. A key that was decided before is left alone, so a decision may be repeated.
 * 3. Adopting sends nothing to the datacenter, but for tombstones: nobody may know any more whether they were confirmed. The domains' rows
 *    change in the same transaction, in the order in which the states would be sent (D5).
 * 4. Overwriting gives a generation above everything that the operator has seen: the counter was raised when the digest was compared.
 */
export class BehindDecisions {
  readonly #adopters: readonly DesiredStateAdopter[];
  readonly #changes: ChangeNotifier;
  readonly #clock: () => DateTime;
  readonly #database: Knex;

  constructor(options: {
    adopters: readonly DesiredStateAdopter[];
    changes: ChangeNotifier;
    clock: () => DateTime;
    database: Knex;
  }) {
    this.#adopters = options.adopters;
    this.#changes = options.changes;
    this.#clock = options.clock;
    this.#database = options.database;
  }

  /** What nobody has decided about, by key. */
  async list(cluster: Cluster): Promise<BehindEntry[]> {
    return this.#database.transaction(async tx => {
      const entries = await readBehindEntries(tx, cluster.id);
      const alongside = new Set(entries.map(({ key }) => key));
      const judged: BehindEntry[] = [];
      for (const entry of entries) {
        const refusal = await this.#refusal(tx, cluster, entry, alongside);
        judged.push({ ...entry, refusal });
      }
      return judged;
    });
  }

  /**
   * @throws UnknownObjectError (BEHIND_KEY_NOT_FOUND) where a key is none of this cluster's; StateConflictError (BEHIND_CHANGED) where
   * an entry is not what the etag was read of, (NOT_ADOPTABLE) where one of them can't be adopted. Then nothing was decided.
   */
  async decide(cluster: Cluster, request: DecisionRequest): Promise<void> {
    const changed = await limitedTransaction(this.#database, async tx => {
      const link = await lockLink(tx, cluster.id);
      const entries = await this.#chosen(tx, cluster, request);
      const refs =
        request.decision === 'adopt'
          ? await this.#adoptAll(tx, cluster, entries, request.actor, link)
          : await this.#overwriteAll(tx, cluster, entries, request.actor, link);
      await tx('behind_keys')
        .where({ cluster_id: cluster.id })
        .whereIn(
          'key',
          entries.map(({ key }) => key),
        )
        .delete();
      await nudge(tx, cluster.id);
      return refs;
    }).catch(error => {
      // Names are checked without the locks of those who make them: they take theirs before the link row's.
      throw isUniqueViolation(error) ? madeMeanwhile(cluster) : error;
    });
    this.#changes.changed([
      { kind: 'cluster', name: cluster.name },
      ...changed,
    ]);
  }

  async #chosen(
    tx: Knex.Transaction,
    cluster: Cluster,
    { keys }: DecisionRequest,
  ): Promise<BehindEntry[]> {
    const entries = await readBehindEntries(tx, cluster.id);
    if (!keys) {
      return entries;
    }
    const asked = new Map(keys.map(({ key, etag }) => [key, etag]));
    const chosen = entries.filter(({ key }) => asked.has(key));
    const changed = chosen.filter(({ key, etag }) => {
      const seen = asked.get(key);
      return seen !== undefined && seen !== etag;
    });
    if (changed.length > 0) {
      throw new StateConflictError(
        'BEHIND_CHANGED',
        `${namesOf(
          changed,
        )} changed meanwhile; look at it again and repeat your decision.`,
      );
    }
    const undecided = new Set(chosen.map(({ key }) => key));
    await requireKnown(
      tx,
      cluster,
      [...asked.keys()].filter(key => !undecided.has(key)),
    );
    return chosen;
  }

  async #adoptAll(
    tx: Knex.Transaction,
    cluster: Cluster,
    entries: readonly BehindEntry[],
    actor: string,
    link: { generation: number },
  ): Promise<ChangedRef[]> {
    const refs: ChangedRef[] = [];
    let { generation } = link;
    for (const entry of inDeliveryOrder(entries)) {
      const refusal = await this.#refusal(tx, cluster, entry, new Set());
      if (refusal) {
        throw new StateConflictError(
          'NOT_ADOPTABLE',
          `${entry.key} can't be adopted: ${refusal}`,
        );
      }
      const { operator } = entry;
      if (operator.yaml === undefined) {
        generation += 1;
        // As for a key that is not known: the tombstone is said again, and confirmed again.
        const unwanted = { ...entry, manager: undefined };
        await overwrite(tx, {
          clusterId: cluster.id,
          entry: unwanted,
          generation,
        });
      } else {
        const { yaml } = operator;
        await writeAdopted(tx, cluster.id, { ...operator, yaml });
      }
      refs.push(...(await this.#adopt(tx, cluster, operator, actor)));
    }
    await tx('links')
      .where({ cluster_id: cluster.id })
      .update({ snapshot_wanted: true });
    return refs;
  }

  async #overwriteAll(
    tx: Knex.Transaction,
    cluster: Cluster,
    entries: readonly BehindEntry[],
    actor: string,
    link: { generation: number },
  ): Promise<ChangedRef[]> {
    const refs: ChangedRef[] = [];
    let { generation } = link;
    for (const entry of inDeliveryOrder(entries)) {
      generation += 1;
      await overwrite(tx, { clusterId: cluster.id, entry, generation });
      if (entry.manager?.deleted) {
        // What is being deleted is what the datacenter has; its confirmation will carry that uid.
        const { key, uid } = entry.operator;
        const gone = { key, uid, generation };
        refs.push(...(await this.#adopt(tx, cluster, gone, actor)));
      }
    }
    return refs;
  }

  async #refusal(
    tx: Knex.Transaction,
    cluster: Cluster,
    entry: BehindEntry,
    alongside: ReadonlySet<string>,
  ): Promise<string | undefined> {
    const { operator } = entry;
    if (operator.yaml === undefined && !operator.deleted) {
      return entry.isRead
        ? 'the operator holds it no more; wait for its next digest.'
        : 'the operator has not told what it holds; update it if it is an older release, or overwrite it.';
    }
    const adopter = this.#adopterOf(operator);
    return adopter.refusal(tx, cluster, operator, alongside);
  }

  async #adopt(
    tx: Knex.Transaction,
    cluster: Cluster,
    state: HeldDesiredState,
    actor: string,
  ): Promise<ChangedRef[]> {
    const by = { actor, at: this.#clock() };
    return this.#adopterOf(state).adopt(tx, cluster, state, by);
  }

  #adopterOf({ key }: { key: string }): DesiredStateAdopter {
    const adopter = this.#adopters.find(candidate => candidate.adopts(key));
    if (!adopter) {
      throw new Error(`No domain has keys such as ${key}`);
    }
    return adopter;
  }
}

/** A key that was decided about is known from then on. */
async function requireKnown(
  tx: Knex.Transaction,
  cluster: Cluster,
  keys: readonly string[],
): Promise<void> {
  const known = await tx('desired_states')
    .where({ cluster_id: cluster.id })
    .whereIn('key', [...keys])
    .pluck('key');
  const unknown = keys.find(key => !known.includes(key));
  if (unknown !== undefined) {
    throw new UnknownObjectError(
      'BEHIND_KEY_NOT_FOUND',
      `There is nothing to decide about ${unknown} in ${cluster.name}; look at the list for what there is.`,
    );
  }
}

function madeMeanwhile(cluster: Cluster): StateConflictError {
  return new StateConflictError(
    'BEHIND_CHANGED',
    `Somebody made something of the same name while this was decided; look at the list of ${cluster.name} again and repeat your decision.`,
  );
}

function inDeliveryOrder(entries: readonly BehindEntry[]): BehindEntry[] {
  const rank = ({ key, operator }: BehindEntry) =>
    deliveryRank(key, operator.deleted);
  return [...entries].sort((a, b) => rank(a) - rank(b));
}

function namesOf(entries: readonly BehindEntry[]): string {
  return entries.map(({ key }) => key).join(', ');
}
