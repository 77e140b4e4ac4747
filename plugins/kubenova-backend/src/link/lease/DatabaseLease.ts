import { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import { Hello } from '@kubenova/proto';
import { Knex } from 'knex';
import { OpenLink } from '../session/SessionState';
import { HeldSession, SessionLease } from '../session/types';
import { LinkPeriods } from '../settings';
import { ChangedRef, ChangeNotifier, SessionListener } from '../types';
import { HeldSessions } from './HeldSessions';
import { limitedTransaction } from './limitedTransaction';
import { closeSession } from './operations/closeSession';
import { openSession } from './operations/openSession';

/** Which replica holds a link: the link row in Postgres decides, by its epoch. */
export class DatabaseLease implements SessionLease {
  readonly #db: Knex;
  readonly #held: HeldSessions;
  readonly #listeners: readonly SessionListener[];
  readonly #changes: ChangeNotifier;
  readonly #logger: LoggerService;
  readonly #periods: LinkPeriods;
  readonly #replica: string;

  constructor(options: {
    db: Knex;
    held: HeldSessions;
    listeners: readonly SessionListener[];
    changes: ChangeNotifier;
    logger: LoggerService;
    periods: LinkPeriods;
    /** Names this process; only shown. */
    replica: string;
  }) {
    this.#db = options.db;
    this.#held = options.held;
    this.#listeners = options.listeners;
    this.#changes = options.changes;
    this.#logger = options.logger;
    this.#periods = options.periods;
    this.#replica = options.replica;
  }

  async open(request: {
    cluster: { id: string; name: string };
    hello: Hello;
    remoteAddress: string;
  }): Promise<{ outcome: 'opened'; link: OpenLink } | { outcome: 'held' }> {
    const { cluster, hello } = request;
    const changed: ChangedRef[] = [{ kind: 'cluster', name: cluster.name }];
    const taken = await limitedTransaction(this.#db, async tx => {
      const result = await openSession(tx, {
        clusterId: cluster.id,
        processInstance: hello.processInstance,
        incarnation: hello.incarnation,
        knownAckedSeq: hello.ackedSeq,
        highestGeneration: Number(hello.highestGeneration),
        replica: this.#replica,
        silenceMs: this.#periods.silence,
      });
      if (result.outcome === 'opened') {
        for (const listener of this.#listeners) {
          const refs = await listener.opened(tx, {
            clusterId: cluster.id,
            operatorVersion: hello.operatorVersion,
            kubernetesVersion: hello.kubernetesVersion,
            remoteAddress: request.remoteAddress,
            at: result.openedAt,
          });
          changed.push(...refs);
        }
      }
      return result;
    });
    if (taken.outcome === 'held') {
      return taken;
    }
    this.#changes.changed(changed);
    this.#logger.info(
      `Session ${taken.epoch} of ${cluster.name} is open, events up to ${taken.ackedSeq} are committed`,
    );
    return {
      outcome: 'opened',
      link: {
        clusterId: cluster.id,
        clusterName: cluster.name,
        incarnation: hello.incarnation,
        epoch: taken.epoch,
        ackedSeq: taken.ackedSeq,
        snapshotDue: taken.snapshotDue,
        capabilities: hello.capabilities,
      },
    };
  }

  hold(link: OpenLink, session: HeldSession): void {
    this.#held.add(link, session);
  }

  async release(link: OpenLink, reason: string): Promise<void> {
    this.#held.delete(link);
    this.#logger.info(
      `Session ${link.epoch} of ${link.clusterName} is over: ${reason}`,
    );
    try {
      await closeSession(this.#db, {
        clusterId: link.clusterId,
        epoch: link.epoch,
        reason,
      });
    } catch (error) {
      // The row then says open until the operator is silent for long enough, which is what a killed replica leaves as well.
      this.#logger.warn(
        `The end of session ${link.epoch} of ${link.clusterName} could not be written`,
        toError(error),
      );
    }
  }
}
