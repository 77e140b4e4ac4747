import { ConflictError } from '@backstage/errors';
import {
  Bindings,
  ManagerAct,
  ManagerWorld,
  OperatorAct,
  OperatorWorld,
  Subject,
} from '@kubenova/proto/conformance/index.ts';
import { Knex } from 'knex';
import { DateTime } from 'luxon';
import { BehindDecisions } from '../../behind/BehindDecisions';
import { BehindDecision, DesiredStateAdopter } from '../../behind/types';
import { CallAnswer } from '../../calls/types';
import { eventually } from '../eventually';
import { TestLink } from '../TestLink';
import { TestCluster } from '../testDatabase';

const CALL_MS = 15_000;

/** A domain that can adopt whatever a datacenter has, and keeps no rows of its own. */
class AdopterOfAll implements DesiredStateAdopter {
  adopts(): boolean {
    return true;
  }

  async refusal(): Promise<undefined> {
    return undefined;
  }

  async adopt(): Promise<[]> {
    return [];
  }
}

/** The real Manager: moved through its outbox and its database, looked at in its rows. */
export class ManagerSubject implements Subject {
  readonly #db: Knex;
  readonly #link: TestLink;
  readonly #cluster: TestCluster;
  readonly #told: readonly string[];
  #stopping: Promise<void> | undefined;
  #answer: CallAnswer | undefined;

  constructor(options: {
    db: Knex;
    link: TestLink;
    cluster: TestCluster;
    /** Tenant states that reached the domains. */
    told: readonly string[];
  }) {
    this.#db = options.db;
    this.#link = options.link;
    this.#cluster = options.cluster;
    this.#told = options.told;
  }

  async does(act: ManagerAct | OperatorAct, bindings: Bindings): Promise<void> {
    const clusterId = this.#cluster.id;
    const { outbox } = this.#link.link;
    switch (act.act) {
      case 'wants': {
        const { key, yaml } = act;
        const uid = bindings.uuidOf(act.uid);
        await this.#db.transaction(tx =>
          outbox.put(tx, { clusterId, key, uid, yaml }),
        );
        break;
      }
      case 'wants gone': {
        const { key } = act;
        const uid = bindings.uuidOf(act.uid);
        await this.#db.transaction(tx =>
          outbox.remove(tx, { clusterId, key, uid }),
        );
        break;
      }
      case 'may not want':
        await this.#isRefused(act.key, bindings.uuidOf(act.uid));
        break;
      case 'forgets events':
        await this.#db('links')
          .where({ cluster_id: clusterId })
          .update({ acked_seq: act.after.toString() });
        break;
      case 'forgets':
        await this.#db('desired_states')
          .where({ cluster_id: clusterId, key: act.key })
          .delete();
        break;
      case 'decides':
        await this.#decide(act.decision);
        break;
      case 'asks':
        void this.#ask(act.method);
        break;
      case 'wishes for a new key':
        await this.#db.transaction(tx =>
          this.#link.link.rotations.request(tx, clusterId),
        );
        break;
      case 'revokes the key':
        await this.#revoke();
        break;
      case 'stops':
        this.#stopping = this.#link.link.stop();
        break;
      default:
        throw new Error(`A Manager does not do '${act.act}'`);
    }
  }

  async has(world: ManagerWorld | OperatorWorld): Promise<void> {
    const { desired, link, told, behind, asked, parked } =
      world as ManagerWorld;
    if (desired) {
      await this.#becomes(desired, () => this.#desired(desired.key));
    }
    if (link) {
      await this.#becomes(link, () => this.#row());
    }
    if (told) {
      await this.#becomes({ told }, () => ({ told: this.#told }));
    }
    if (behind) {
      await this.#becomes({ behind }, () => this.#behind());
    }
    if (asked) {
      await this.#becomes(asked, () => this.#answer ?? {});
    }
    if (parked !== undefined) {
      await this.#becomes({ parked }, () => this.#parked());
    }
  }

  /** What it began is over. */
  async settled(): Promise<void> {
    await this.#stopping;
  }

  /** What is expected names some fields, each of which has to have its value in the end. */
  async #becomes(
    expected: object,
    read: () => object | Promise<object>,
  ): Promise<void> {
    await eventually(
      () => read(),
      seen => {
        const fields = new Map<string, unknown>(Object.entries(seen));
        return Object.entries(expected).every(
          ([name, value]) =>
            JSON.stringify(fields.get(name)) === JSON.stringify(value),
        );
      },
    );
  }

  async #desired(key: string) {
    const row = await this.#db('desired_states')
      .where({ cluster_id: this.#cluster.id, key })
      .first();
    return {
      key,
      generation: row && Number(row.generation),
      acceptedGeneration: row?.accepted_generation
        ? Number(row.accepted_generation)
        : null,
      outcome: row?.outcome,
      deleted: Boolean(row?.deleted_at),
    };
  }

  async #row() {
    const row = await this.#db('links')
      .where({ cluster_id: this.#cluster.id })
      .first();
    return {
      epoch: row && Number(row.epoch),
      ackedSeq: row && Number(row.acked_seq),
      open: row?.open,
      closeReason: row?.close_reason,
    };
  }

  async #behind() {
    const rows = await this.#db('behind_keys')
      .where({ cluster_id: this.#cluster.id })
      .orderBy('key');
    return {
      behind: rows.map(row =>
        row.held_at ? row.key : `${row.key}, of which nothing was told yet`,
      ),
    };
  }

  async #parked() {
    const [{ count }] = await this.#db('parked_events')
      .where({ cluster_id: this.#cluster.id })
      .count();
    return { parked: Number(count) };
  }

  async #isRefused(key: string, uid: string): Promise<void> {
    const clusterId = this.#cluster.id;
    const { outbox } = this.#link.link;
    const refused = await this.#db
      .transaction(tx =>
        outbox.put(tx, { clusterId, key, uid, yaml: 'kind: X' }),
      )
      .then(
        () => false,
        error => error instanceof ConflictError,
      );
    if (!refused) {
      throw new Error(`${key} could be used again`);
    }
  }

  async #ask(method: string): Promise<void> {
    this.#answer = await this.#link.link.calls.ask({
      clusterId: this.#cluster.id,
      method,
      deadlineMs: CALL_MS,
    });
  }

  async #decide(decision: BehindDecision): Promise<void> {
    const decisions = new BehindDecisions({
      adopters: [new AdopterOfAll()],
      changes: { changed: () => {} },
      clock: () => DateTime.utc(),
      database: this.#db,
    });
    await decisions.decide(this.#cluster, { decision, actor: 'user:x/y' });
  }

  async #revoke(): Promise<void> {
    this.#link.registry.revoke(this.#cluster);
    await this.#db.transaction(tx =>
      this.#link.link.fence.fence(tx, this.#cluster.id, 'The key is revoked'),
    );
  }
}
