import { tracingServiceMock } from '@backstage/backend-test-utils/alpha';
import {
  PrometheusExporter,
  PrometheusSerializer,
} from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { randomUUID } from 'node:crypto';
import { ScriptedEvent } from '../__testUtils__/ScriptedOperator';
import { eventually } from '../__testUtils__/eventually';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { useTestLinks } from '../__testUtils__/useTestLinks';
import { createLinkTelemetry } from './createLinkTelemetry';

/** Without a prefix, times, constant labels, target and scope: the bare names. */
const serializer = new PrometheusSerializer('', false, undefined, true, true);

describe('telemetry of the link', () => {
  const database = useTestDatabase();
  const links = useTestLinks(database);
  const tracing = tracingServiceMock.mock();
  let exporter: PrometheusExporter;
  let provider: MeterProvider;
  beforeEach(() => {
    exporter = new PrometheusExporter({ preventServerStart: true });
    provider = new MeterProvider({ readers: [exporter] });
    tracing.startActiveSpan.mockClear();
  });
  afterEach(() => provider.shutdown());

  const start = () =>
    links.start({
      telemetry: createLinkTelemetry({
        metrics: provider.getMeter('test'),
        tracing,
      }),
    });

  /** Lines of the text that Prometheus gets, by the part before the value. */
  async function scrape(): Promise<Map<string, number>> {
    const { resourceMetrics, errors } = await exporter.collect();
    expect(errors).toEqual([]);
    const text = serializer.serialize(resourceMetrics);
    return new Map(
      text
        .split('\n')
        .filter(line => line && !line.startsWith('#'))
        .map(line => {
          const cut = line.lastIndexOf(' ');
          return [line.slice(0, cut), Number(line.slice(cut + 1))];
        }),
    );
  }

  const spans = () => tracing.startActiveSpan.mock.calls.map(([name]) => name);

  it('counts sessions while they are open, and says why they ended', async () => {
    const link = await start();
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();

    let seen = await scrape();
    expect(seen.get('kubenova_link_active_sessions')).toBe(1);
    expect(
      seen.get(
        'kubenova_link_enrolments_total{kubenova_link_enrol_outcome="enrolled"}',
      ),
    ).toBe(1);
    expect(spans()).toEqual(['kubenova.link.enrol', 'kubenova.link.open']);

    session.send({ case: 'bye', value: { reason: 'the test is over' } });
    session.close();
    await session.ended();
    const ended =
      'kubenova_link_session_duration_count{kubenova_link_end_reason="bye",kubenova_link_opened="true"}';
    await eventually(scrape, now => now.get(ended) === 1);
    seen = await scrape();
    expect(seen.get('kubenova_link_active_sessions')).toBe(0);
  });

  it('counts a refused session as ended and never as open', async () => {
    const link = await start();
    const operator = await link.enrolledOperator();
    const session = await operator.hello({ protocolVersion: 99 });
    await session.ended();
    const ended =
      'kubenova_link_session_duration_count{kubenova_link_end_reason="unsupported_version",kubenova_link_opened="false"}';
    await eventually(scrape, now => now.get(ended) === 1);
    expect((await scrape()).get('kubenova_link_active_sessions') ?? 0).toBe(0);
  });

  it('counts frames, commits and how late events were', async () => {
    const link = await start();
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();
    const observedAt = timestampFromDate(new Date(Date.now() - 60_000));
    const late = ['a', 'b'].map(tenant => {
      return { ...tenantStatus(tenant), observedAt };
    });
    operator.sendEvents(session, late);
    await session.receive('eventAck');

    const seen = await scrape();
    const frames = (type: string, direction: string) =>
      seen.get(
        `kubenova_link_frames_total{kubenova_link_frame_type="${type}",network_io_direction="${direction}"}`,
      );
    expect(frames('hello', 'receive')).toBe(1);
    expect(frames('eventBatch', 'receive')).toBe(1);
    expect(frames('eventAck', 'transmit')).toBe(1);
    expect(seen.get('kubenova_link_commit_events_sum')).toBe(2);
    expect(seen.get('kubenova_link_commit_duration_count')).toBe(1);
    expect(seen.get('kubenova_link_event_lag_count')).toBe(2);
    expect(seen.get('kubenova_link_event_lag_sum')).toBeGreaterThan(119);
    expect(spans()).toContain('kubenova.link.commit');
  });

  it('counts what was set aside', async () => {
    const link = await start();
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();
    operator.sendEvents(session, [
      { key: 'tenants/a', body: { case: undefined } },
    ]);
    await session.receive('eventAck');
    expect((await scrape()).get('kubenova_link_events_parked_total')).toBe(1);
  });

  it('tells how much waits for operators and for how long, whenever it is asked', async () => {
    const link = await start();
    const operator = await link.enrolledOperator();
    expect((await scrape()).get('kubenova_link_outbox_depth')).toBe(0);
    await database.db.transaction(tx =>
      link.link.outbox.put(tx, {
        clusterId: operator.cluster.id,
        key: 'tenants/a',
        uid: operator.cluster.id,
        yaml: 'kind: NovaTenant',
      }),
    );
    const seen = await scrape();
    expect(seen.get('kubenova_link_outbox_depth')).toBe(1);
    expect(seen.get('kubenova_link_outbox_age')).toBeGreaterThan(0);
  });

  it('counts live questions with what became of them', async () => {
    const link = await start();
    const operator = await link.enrolledOperator();
    await link.link.calls.ask({
      clusterId: operator.cluster.id,
      method: 'ping',
      deadlineMs: 60_000,
    });
    const seen = await scrape();
    expect(
      seen.get(
        'kubenova_link_call_duration_count{rpc_method="ping",kubenova_link_call_outcome="not_connected"}',
      ),
    ).toBe(1);
    expect(spans()).toContain('kubenova.link.call');
  });
});

function tenantStatus(tenant: string): ScriptedEvent {
  return {
    key: `tenants/${tenant}`,
    body: {
      case: 'tenantStatus',
      value: { tenant, uid: randomUUID(), generation: 1n, phase: 'Ready' },
    },
  };
}
