import {
  LoggerService,
  RootConfigService,
} from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { DateTime } from 'luxon';
import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { Envelope } from '../crypto';
import { DurabilityReader } from './durability/DurabilityReader';
import { DatabaseCalls } from './calls/DatabaseCalls';
import { Wakers } from './calls/Wakers';
import { createListenerIdentity } from './gateway/tls/identity';
import { DatabaseLinkStates } from './lease/DatabaseLinkStates';
import { fenceLink } from './lease/operations/fenceLink';
import { requestRotation } from './lease/operations/requestRotation';
import { Link } from './Link';
import { DatabaseOutbox } from './outbox/DatabaseOutbox';
import { DatabaseLinkReports } from './report/DatabaseLinkReports';
import { RunningLink } from './RunningLink';
import { LinkLimits, LinkPeriods, readLinkSettings } from './settings';
import { LinkTelemetry, noLinkTelemetry, observedCalls } from './telemetry';

/**
 * Makes the link of this replica. Nothing runs before `start`; what the domains need to be made (outbox, states, address) is there
 * at once. The migrations have to be done.
 *
 * @throws Error with a sentence for whoever runs the portal where `kubenova.link` or `kubenova.encryptionKey` is missing or wrong.
 */
export async function createLink(options: {
  config: RootConfigService;
  logger: LoggerService;
  database: Knex;
  /** Absent: nobody is told anything. */
  telemetry?: LinkTelemetry;
  /** Shorter ones for tests. */
  periods?: Partial<LinkPeriods>;
  /** Other ones for tests. */
  limits?: Partial<LinkLimits>;
}): Promise<Link> {
  const { config, database, telemetry = noLinkTelemetry } = options;
  const logger = options.logger.child({ room: 'link' });
  const configured = readLinkSettings(config);
  const settings = {
    ...configured,
    periods: { ...configured.periods, ...options.periods },
    limits: { ...configured.limits, ...options.limits },
  };
  const identity = await createListenerIdentity({
    settings,
    db: database,
    envelope: Envelope.fromConfig(config),
    now: DateTime.utc(),
  });
  const outbox = new DatabaseOutbox();
  const states = new DatabaseLinkStates();
  const wakers = new Wakers();
  const durability = new DurabilityReader({ db: database, logger });
  const calls = observedCalls(
    new DatabaseCalls({
      db: database,
      wakers,
      createUuid: randomUUID,
      pollMs: settings.periods.poll,
      silenceMs: settings.periods.silence,
      logger,
    }),
    { telemetry, monotonicMs: () => performance.now() },
  );
  let running: RunningLink | undefined;

  return {
    outbox,
    states,
    calls,
    reports: new DatabaseLinkReports({ durability }),
    fence: { fence: fenceLink },
    rotations: {
      request: (tx, clusterId) =>
        requestRotation(tx, { clusterId, rotationId: randomUUID() }),
    },
    address: identity.address,
    durability,
    async start(domains) {
      running = new RunningLink({
        db: database,
        settings,
        identity,
        wakers,
        durability,
        telemetry,
        logger,
        domains,
      });
      return running.start();
    },
    async stop() {
      await running?.stop();
      running = undefined;
    },
  };
}
