import type {
  MetricsService,
  TracingService,
} from '@backstage/backend-plugin-api/alpha';
import { LinkTelemetry, OutboxBacklog } from './LinkTelemetry';

const SECONDS = { unit: 's' };
/** From a local commit to the day for which a datacenter was away. */
const LAG_BUCKETS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600,
  86_400,
];
const COMMIT_BUCKETS = [
  0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];
const CALL_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const SESSION_BUCKETS = [1, 10, 60, 300, 1_200, 3_600, 4_320];
const COUNT_BUCKETS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000];

/** Tells by OpenTelemetry, through Backstage's services; without an SDK in the process all of it costs next to nothing. */
export function createLinkTelemetry(options: {
  metrics: MetricsService;
  tracing: TracingService;
}): LinkTelemetry {
  const { metrics, tracing } = options;
  const instruments = createInstruments(metrics);
  return {
    sessionOpened: () => instruments.activeSessions.add(1),
    sessionEnded({ reason, opened, seconds }) {
      if (opened) {
        instruments.activeSessions.add(-1);
      }
      instruments.sessionDuration.record(seconds, {
        'kubenova.link.end_reason': reason,
        'kubenova.link.opened': opened,
      });
    },
    frame: ({ type, direction }) =>
      instruments.frames.add(1, {
        'kubenova.link.frame.type': type,
        'network.io.direction': direction,
      }),
    committed({ events, sessions, seconds, lagSeconds }) {
      instruments.commitEvents.record(events);
      instruments.commitSessions.record(sessions);
      instruments.commitDuration.record(seconds);
      lagSeconds.forEach(lag => instruments.lag.record(lag));
    },
    parked: events => instruments.parked.add(events),
    called: ({ method, outcome, seconds }) =>
      instruments.callDuration.record(seconds, {
        'rpc.method': method,
        'kubenova.link.call.outcome': outcome,
      }),
    enrolled: outcome =>
      instruments.enrolments.add(1, { 'kubenova.link.enrol.outcome': outcome }),
    observeOutbox: (read, signal) => observeOutbox(metrics, read, signal),
    span: (name, attributes, run) =>
      tracing.startActiveSpan(name, { attributes }, run),
  };
}

function createInstruments(metrics: MetricsService) {
  const histogram = (name: string, description: string, buckets: number[]) =>
    metrics.createHistogram(name, {
      ...SECONDS,
      description,
      advice: { explicitBucketBoundaries: buckets },
    });
  const counts = (name: string, unit: string, description: string) =>
    metrics.createHistogram(name, {
      unit,
      description,
      advice: { explicitBucketBoundaries: COUNT_BUCKETS },
    });
  return {
    activeSessions: metrics.createUpDownCounter(
      'kubenova.link.active_sessions',
      { unit: '{session}', description: 'Sessions that this replica holds' },
    ),
    sessionDuration: histogram(
      'kubenova.link.session.duration',
      'How long sessions lasted that have ended, and why they ended',
      SESSION_BUCKETS,
    ),
    frames: metrics.createCounter('kubenova.link.frames', {
      unit: '{frame}',
      description: 'Frames, by type and direction',
    }),
    lag: histogram(
      'kubenova.link.event.lag',
      'From the moment at which an operator observed something to its commit',
      LAG_BUCKETS,
    ),
    commitDuration: histogram(
      'kubenova.link.commit.duration',
      'How long transactions of the ingest took',
      COMMIT_BUCKETS,
    ),
    commitEvents: counts(
      'kubenova.link.commit.events',
      '{event}',
      'Events in one transaction of the ingest',
    ),
    commitSessions: counts(
      'kubenova.link.commit.sessions',
      '{session}',
      'Sessions whose events are in one transaction of the ingest',
    ),
    parked: metrics.createCounter('kubenova.link.events.parked', {
      unit: '{event}',
      description: 'Events that were set aside because they cannot be written',
    }),
    callDuration: histogram(
      'kubenova.link.call.duration',
      'How long live questions to operators took, and what became of them',
      CALL_BUCKETS,
    ),
    enrolments: metrics.createCounter('kubenova.link.enrolments', {
      unit: '{request}',
      description: 'Requests to enrol, by outcome',
    }),
  };
}

/** Both figures come from one question: it is asked for the first and kept for the second. */
function observeOutbox(
  metrics: MetricsService,
  read: () => Promise<OutboxBacklog>,
  signal: AbortSignal,
): void {
  const depth = metrics.createObservableGauge('kubenova.link.outbox.depth', {
    unit: '{desired_state}',
    description: 'Desired states that operators have not accepted, of all',
  });
  const age = metrics.createObservableGauge('kubenova.link.outbox.age', {
    ...SECONDS,
    description: 'How long the oldest of them has waited',
  });
  let reading: Promise<OutboxBacklog> | undefined;
  const readOnce = () => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const observeDepth: Parameters<typeof depth.addCallback>[0] = async result =>
    result.observe((await readOnce()).depth);
  const observeAge: Parameters<typeof age.addCallback>[0] = async result =>
    result.observe((await readOnce()).ageSeconds);
  depth.addCallback(observeDepth);
  age.addCallback(observeAge);
  signal.addEventListener(
    'abort',
    () => {
      depth.removeCallback(observeDepth);
      age.removeCallback(observeAge);
    },
    { once: true },
  );
}
