import { randomUUID } from 'node:crypto';
import type { Model } from '../model/Model.ts';
import type { Wish } from '../model/WishLedger.ts';
import type { Random } from '../schedule/Random.ts';
import type { OperatorHost } from './OperatorHost.ts';
import type { World } from './World.ts';

const TENANTS = ['acme', 'beta', 'coral'];
const KEYS = [
  'cluster/config',
  ...TENANTS.map(tenant => `tenants/${tenant}`),
  ...TENANTS.flatMap(tenant =>
    ['api', 'shop', 'web'].map(name => `applications/${tenant}/${name}`),
  ),
];
const MOST_RECORDS = 5;
const LONGEST_YAML = 4_000;

/**
 * People and datacenters at work: desired states are written through any replica, records and changes of states come from any operator.
 * Tells the model of each what was answered.
 */
export class Workload {
  readonly #world: World;
  readonly #model: Model;
  /** Wishes for one key follow one another; a wish that was given up may still be written later. */
  readonly #busy = new Set<string>();
  readonly #uids = new Map<string, string>();
  readonly #lastRecord = new Map<string, number>();
  #wishes = 0;

  constructor(options: { world: World; model: Model }) {
    this.#world = options.world;
    this.#model = options.model;
  }

  /** Some work at once. Resolves when all of it is answered, or nobody will. */
  async burst(random: Random, size: number): Promise<void> {
    const works = Array.from({ length: size }, () => this.#draw(random));
    await Promise.all(works);
  }

  /** A wish that its key be another object than it was: refused as long as the one before is not gone (D3). */
  async recreate(operator: OperatorHost, random: Random): Promise<void> {
    const key = random.pick(KEYS.filter(name => name !== 'cluster/config'));
    await this.#remove(operator, key, random);
    await this.#put(operator, key, random);
  }

  /** Records through another process than the operator's own. */
  async emit(
    operator: OperatorHost,
    count: number,
  ): Promise<{ numbers: number[]; isCertain: boolean }> {
    const numbers = this.nextRecords(operator, count);
    const { outcome } = await operator.order({ emit: numbers });
    return { numbers, isCertain: outcome === 'done' };
  }

  nextRecords(operator: OperatorHost, count: number): number[] {
    const { name } = operator.cluster;
    const last = this.#lastRecord.get(name) ?? 0;
    this.#lastRecord.set(name, last + count);
    return Array.from({ length: count }, (_, index) => last + index + 1);
  }

  async #draw(random: Random): Promise<void> {
    const operator = random.pick(this.#world.operators);
    const kind = random.pick(['put', 'put', 'remove', 'emit', 'emit', 'touch']);
    const key = random.pick(KEYS);
    switch (kind) {
      case 'put':
        return this.#put(operator, key, random);
      case 'remove':
        return this.#remove(operator, key, random);
      case 'touch':
        await operator.order({ touch: key });
        return undefined;
      default: {
        const count = 1 + random.below(MOST_RECORDS);
        const { numbers, isCertain } = await this.emit(operator, count);
        this.#model.records(operator.cluster.name).emitted(numbers, isCertain);
        return undefined;
      }
    }
  }

  async #put(
    operator: OperatorHost,
    key: string,
    random: Random,
  ): Promise<void> {
    this.#wishes += 1;
    const padding = '#'.repeat(random.below(LONGEST_YAML));
    const yaml = `wish: ${this.#wishes}\n${padding}\n`;
    await this.#wish(operator, key, random, uid => ({ uid, yaml }));
  }

  async #remove(
    operator: OperatorHost,
    key: string,
    random: Random,
  ): Promise<void> {
    // The configuration is there for as long as its cluster is.
    if (key !== 'cluster/config') {
      await this.#wish(operator, key, random, uid => ({ uid }));
    }
  }

  async #wish(
    operator: OperatorHost,
    key: string,
    random: Random,
    wishOf: (uid: string) => Wish,
  ): Promise<void> {
    const { id: clusterId, name } = operator.cluster;
    const slot = `${name} ${key}`;
    const replica = random.pick(this.#world.replicas);
    if (this.#busy.has(slot)) {
      return;
    }
    this.#busy.add(slot);
    try {
      const uid = this.#uids.get(slot) ?? randomUUID();
      this.#uids.set(slot, uid);
      const wish = wishOf(uid);
      const answer = await replica.order(
        wish.yaml === undefined
          ? { remove: { clusterId, key, uid } }
          : { put: { clusterId, key, uid, yaml: wish.yaml } },
      );
      const ledger = this.#model.wishes(name, key);
      if (answer.outcome === 'unknown') {
        ledger.unanswered(wish);
      } else if (answer.outcome === 'refused') {
        // A commit whose end is not known is refused as well; only a conflict is known to have changed nothing.
        if (answer.name === 'ConflictError') {
          this.#uids.delete(slot);
          await this.#learnUid(clusterId, key, slot);
        } else {
          ledger.unanswered(wish);
        }
      } else if (answer.result !== null) {
        ledger.answered(wish);
        if (wish.yaml === undefined) {
          this.#uids.delete(slot); // the next object of this name is another one
        }
      }
    } finally {
      this.#busy.delete(slot);
    }
  }

  /** After a conflict: the name belongs to whom the database says, or to a new object where that one is being deleted. */
  async #learnUid(clusterId: string, key: string, slot: string): Promise<void> {
    try {
      const [row] = await this.#world.postgres.query(
        'SELECT uid, tombstone FROM desired_states WHERE cluster_id = $1 AND key = $2',
        [clusterId, key],
      );
      if (row && !row.tombstone) {
        this.#uids.set(slot, row.uid);
      }
    } catch {
      // Postgres is away: another uid is tried next time, and refused if it has to be.
    }
  }
}
