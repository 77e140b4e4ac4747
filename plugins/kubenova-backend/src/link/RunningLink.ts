import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { DateTime } from 'luxon';
import { randomBytes, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import { recordDigest } from './behind/operations/recordDigest';
import { recordHeldStates } from './behind/operations/recordHeldStates';
import { takeSnapshotWish } from './behind/operations/takeSnapshotWish';
import { CallNudges } from './calls/CallNudges';
import { callStates } from './calls/callStates';
import { Wakers } from './calls/Wakers';
import { DurabilityReader } from './durability/DurabilityReader';
import { DatabaseLinkErrors } from './errors/LinkErrors';
import { handleJoin } from './gateway/handleJoin';
import { registerHealth } from './gateway/healthService';
import { RateLimits } from './gateway/limits/RateLimits';
import { LinkServiceHandlers } from './gateway/linkService';
import { Listener } from './gateway/Listener';
import { CertificateReloader } from './gateway/tls/CertificateReloader';
import { ListenerIdentity } from './gateway/tls/identity';
import { DatabaseIngest } from './ingest/DatabaseIngest';
import { GroupCommit } from './ingest/GroupCommit';
import { PoisonLimits } from './ingest/PoisonLimits';
import { Projector } from './ingest/Projector';
import { breakSilentConnections } from './lease/breakSilentConnections';
import { ContestSweeper } from './lease/ContestSweeper';
import { DatabaseLease } from './lease/DatabaseLease';
import { HeldSessions } from './lease/HeldSessions';
import { keepNextKey } from './lease/keepNextKey';
import { LeaseKeeper } from './lease/LeaseKeeper';
import { SessionBalancer } from './lease/SessionBalancer';
import { StaleSweeper } from './lease/StaleSweeper';
import { LinkDomains } from './Link';
import { DatabaseNotifications } from './notifications/DatabaseNotifications';
import { claimUnsent } from './outbox/operations/claimUnsent';
import { markAccepted } from './outbox/operations/markAccepted';
import { OutboxNudges } from './outbox/OutboxNudges';
import { OutcomeHandler } from './outbox/OutcomeHandler';
import { SessionClock, SessionContext } from './session/types';
import { LinkSettings } from './settings';
import {
  LinkTelemetry,
  observedCommits,
  observedLease,
  readOutboxBacklog,
} from './telemetry';

/** The link while it runs: wires its rooms, starts them in order and stops them in reverse. */
export class RunningLink {
  readonly #db: Knex;
  readonly #settings: LinkSettings;
  readonly #logger: LoggerService;
  readonly #listener: Listener;
  readonly #handlers: LinkServiceHandlers;
  readonly #loops: ReadonlyArray<{ run(signal: AbortSignal): Promise<void> }>;
  readonly #stopLoops = new AbortController();
  readonly #shutdown = new AbortController();
  #looping: Promise<unknown> = Promise.resolve();
  #stopWatching = () => {};
  #stopping = false;

  constructor(options: {
    db: Knex;
    settings: LinkSettings;
    identity: ListenerIdentity;
    /** Those of this replica who wait for answers to calls. */
    wakers: Wakers;
    durability: DurabilityReader;
    telemetry: LinkTelemetry;
    logger: LoggerService;
    domains: LinkDomains;
  }) {
    const { db, settings, logger, domains, telemetry } = options;
    const { periods } = settings;
    const { changes, registry } = domains;
    const clock: SessionClock = {
      monotonicMs: () => performance.now(),
      randomBytes,
      createUuid: randomUUID,
    };
    const replica = `${hostname()}/${process.pid}`;
    const held = new HeldSessions();
    const keeper = new LeaseKeeper({ db, held, clock, periods, logger });
    const ready = () => !this.#stopping && keeper.ready;
    const { limits } = settings;
    const rates = new RateLimits({ limits, monotonicMs: clock.monotonicMs });
    const context: SessionContext = {
      rates,
      installationId: options.identity.address.installationId,
      registry,
      lease: observedLease(
        new DatabaseLease({
          db,
          held,
          listeners: domains.sessionListeners,
          registry,
          changes,
          logger,
          periods,
          replica,
        }),
        telemetry,
      ),
      keepNextKey: (link, key) => keepNextKey({ db, registry }, link, key),
      unsentStates: ({ clusterId, epoch }) => ({
        claim: claim => claimUnsent(db, { clusterId, epoch, ...claim }),
        accept: accepted => markAccepted(db, { clusterId, epoch, accepted }),
        compare: digest => recordDigest(db, { clusterId, epoch, ...digest }),
      }),
      behindStates: ({ clusterId, epoch }) => ({
        keep: states => recordHeldStates(db, { clusterId, epoch, states }),
        takeSnapshotWish: () => takeSnapshotWish(db, { clusterId, epoch }),
      }),
      callStates: link => callStates(db, link),
      errors: new DatabaseLinkErrors({ db, logger }),
      ingest: new GroupCommit({
        ingest: observedCommits(
          new DatabaseIngest({
            db,
            projector: new Projector({
              handlers: [new OutcomeHandler(), ...domains.handlers],
              snapshotListeners: domains.snapshotListeners,
            }),
            limits: new PoisonLimits(clock),
            logger,
          }),
          { telemetry, clock: { ...clock, now: Date.now } },
        ),
        changes,
      }),
      changes,
      logger,
      clock,
      periods,
    };

    this.#db = db;
    this.#settings = settings;
    this.#logger = logger;
    this.#handlers = new LinkServiceHandlers({
      context,
      rates,
      limits,
      telemetry,
      ready,
    });
    this.#listener = new Listener({
      tls: options.identity.tls,
      maxConnections: 2 * limits.sessions, // an operator that dials again may have two
      routes: router => {
        this.#handlers.register(router);
        registerHealth(router, { ready, signal: this.#shutdown.signal });
      },
      fallback: (request, response) =>
        void handleJoin(request, response, { registry, rates, logger }),
      shutdownSignal: this.#shutdown.signal,
      logger,
    });
    telemetry.observeOutbox(
      () => readOutboxBacklog(db),
      this.#stopLoops.signal,
    );
    const pollMs = periods.poll;
    const outboxNudges = new OutboxNudges({ db, links: held, pollMs, logger });
    const callNudges = new CallNudges({ db, links: held, pollMs, logger });
    this.#loops = [
      keeper,
      new StaleSweeper({ db, clock, periods, changes, logger }),
      new CertificateReloader({
        identity: options.identity,
        show: tls => this.#listener.useCertificate(tls),
        now: () => DateTime.utc(),
        periodMs: periods.certificates,
        logger,
      }),
      new ContestSweeper({ db, periods, changes, logger }),
      new SessionBalancer({ db, held, replica, ready, clock, periods, logger }),
      options.durability,
      outboxNudges,
      callNudges,
      new DatabaseNotifications({
        db,
        listeners: [keeper, outboxNudges, callNudges, options.wakers],
        logger,
      }),
    ];
  }

  async start(): Promise<{ port: number }> {
    this.#stopWatching = breakSilentConnections(
      this.#db,
      this.#settings.periods.database,
    );
    const port = await this.#listener.listen(this.#settings.listen);
    this.#looping = Promise.all(
      this.#loops.map(loop => loop.run(this.#stopLoops.signal)),
    );
    this.#logger.info('The link listens', {
      listen: `${this.#settings.listen.host}:${port}`,
      publicUrl: this.#settings.publicUrl,
    });
    return { port };
  }

  /** Sessions first, while everything that they need still runs. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#listener.refuseNew();
    await this.#handlers.drain({
      spreadMs: this.#settings.periods.heartbeat,
      reason: 'This replica is stopping',
    });
    this.#shutdown.abort();
    await this.#listener.close();
    this.#stopLoops.abort();
    await this.#looping;
    this.#stopWatching();
  }
}
