import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { Knex } from 'knex';
import { OpenLink } from '../session/SessionState';
import { SessionEnd } from '../session/SessionState';
import { HeldSession, SessionLease } from '../session/types';
import { LinkPeriods } from '../settings';
import {
  ChangedRef,
  ChangeNotifier,
  OperatorRegistry,
  SessionListener,
} from '../types';
import { HeldSessions } from './HeldSessions';
import { limitedTransaction } from './limitedTransaction';
import { closeSession } from './operations/closeSession';
import { completeRotation } from './operations/completeRotation';
import { openSession } from './operations/openSession';
import { recordRefusal } from './operations/recordRefusal';

type Opening = Parameters<SessionLease['open']>[0];
type Opened = Extract<
  Awaited<ReturnType<typeof openSession>>,
  { outcome: 'opened' }
>;

/** The key that signed the Hello was revoked or replaced while the link was being taken: nothing of that is committed. */
class SpentKeyError extends Error {}

/** Which replica holds a link: the link row in Postgres decides, by its epoch. */
export class DatabaseLease implements SessionLease {
  readonly #db: Knex;
  readonly #held: HeldSessions;
  readonly #listeners: readonly SessionListener[];
  readonly #registry: OperatorRegistry;
  readonly #changes: ChangeNotifier;
  readonly #logger: LoggerService;
  readonly #periods: LinkPeriods;
  readonly #replica: string;

  constructor(options: {
    db: Knex;
    held: HeldSessions;
    listeners: readonly SessionListener[];
    registry: OperatorRegistry;
    changes: ChangeNotifier;
    logger: LoggerService;
    periods: LinkPeriods;
    /** Names this process; only shown. */
    replica: string;
  }) {
    this.#db = options.db;
    this.#held = options.held;
    this.#listeners = options.listeners;
    this.#registry = options.registry;
    this.#changes = options.changes;
    this.#logger = options.logger;
    this.#periods = options.periods;
    this.#replica = options.replica;
  }

  async open(request: Opening) {
    const { cluster, hello } = request;
    const changed: ChangedRef[] = [{ kind: 'cluster', name: cluster.name }];
    let taken;
    try {
      taken = await limitedTransaction(this.#db, async tx => {
        const result = await this.#take(tx, request);
        if (result.outcome === 'opened') {
          await this.#settleKey(tx, request);
          changed.push(...(await this.#tell(tx, request, result)));
        }
        return result;
      });
    } catch (error) {
      if (error instanceof SpentKeyError) {
        return { outcome: 'spent_key' } as const;
      }
      throw error;
    }
    if (taken.outcome === 'held') {
      return taken;
    }
    this.#changes.changed(changed);
    const about = { cluster: cluster.name, epoch: taken.epoch };
    this.#logger.info('A session is open', {
      ...about,
      session: hello.processInstance,
      seq: taken.ackedSeq.toString(),
      remoteAddress: request.remoteAddress,
    });
    if (taken.contested) {
      this.#logger.warn('Two operators claim one cluster', about);
    }
    return {
      outcome: 'opened',
      link: {
        clusterId: cluster.id,
        clusterName: cluster.name,
        novaClusterId: hello.novaClusterId,
        incarnation: hello.incarnation,
        epoch: taken.epoch,
        ackedSeq: taken.ackedSeq,
        snapshotDue: taken.snapshotDue,
        capabilities: hello.capabilities,
        publicKey: request.publicKey,
      },
    } as const;
  }

  async refuse(refusal: {
    cluster: { id: string; name: string };
    end: SessionEnd;
    remoteAddress: string;
  }): Promise<void> {
    const { cluster, end, remoteAddress } = refusal;
    const about = { cluster: cluster.name, reason: end.reason, remoteAddress };
    this.#logger.warn('An operator was refused', about);
    try {
      await limitedTransaction(this.#db, tx =>
        recordRefusal(tx, { clusterId: cluster.id, remoteAddress, ...end }),
      );
      this.#changes.changed([{ kind: 'cluster', name: cluster.name }]);
    } catch (error) {
      this.#logger.warn('The refusal of an operator could not be written', {
        ...about,
        error: stringifyError(error),
      });
    }
  }

  hold(link: OpenLink, session: HeldSession): void {
    this.#held.add(link, session);
  }

  async release(link: OpenLink, reason: string): Promise<void> {
    this.#held.delete(link);
    const about = { cluster: link.clusterName, epoch: link.epoch, reason };
    this.#logger.info('A session is over', about);
    try {
      await closeSession(this.#db, {
        clusterId: link.clusterId,
        epoch: link.epoch,
        reason,
      });
    } catch (error) {
      // The row then says open until the operator is silent for long enough, which is what a killed replica leaves as well.
      this.#logger.warn('The end of a session could not be written', {
        ...about,
        error: stringifyError(error),
      });
    }
  }
  async #take(tx: Knex.Transaction, request: Opening) {
    const { cluster, hello } = request;
    return openSession(tx, {
      clusterId: cluster.id,
      processInstance: hello.processInstance,
      incarnation: hello.incarnation,
      knownAckedSeq: hello.ackedSeq,
      assignedSeq: hello.assignedSeq,
      highestEpoch: Number(hello.highestEpoch),
      highestGeneration: Number(hello.highestGeneration),
      capabilities: hello.capabilities,
      remoteAddress: request.remoteAddress,
      replica: this.#replica,
      silenceMs: this.#periods.silence,
      contestMs: this.#periods.contest,
    });
  }

  /** The link row is held, and whoever revokes a key takes it first: what is read here holds until the commit (S7). */
  async #settleKey(tx: Knex.Transaction, request: Opening): Promise<void> {
    const clusterId = request.cluster.id;
    const role = await this.#registry.settleKey(tx, {
      clusterId,
      publicKey: request.publicKey,
    });
    if (!role) {
      throw new SpentKeyError();
    }
    if (role === 'next') {
      await completeRotation(tx, clusterId);
    }
  }

  async #tell(
    tx: Knex.Transaction,
    request: Opening,
    opened: Opened,
  ): Promise<ChangedRef[]> {
    const changed: ChangedRef[] = [];
    for (const listener of this.#listeners) {
      const refs = await listener.opened(tx, {
        clusterId: request.cluster.id,
        operatorVersion: request.hello.operatorVersion,
        kubernetesVersion: request.hello.kubernetesVersion,
        remoteAddress: request.remoteAddress,
        at: opened.openedAt,
      });
      changed.push(...refs);
    }
    return changed;
  }
}
