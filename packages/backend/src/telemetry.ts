import {
  coreServices,
  createServiceFactory,
  createServiceRef,
  type RootConfigService,
  type RootLifecycleService,
} from '@backstage/backend-plugin-api';
import { context, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { hostname } from 'node:os';
import { version } from '../package.json';

const SERVICE = 'kubenova-manager';

/** Nobody asks for it: it sets what Backstage's own metrics and tracing services tell. */
const telemetryServiceRef = createServiceRef<Record<string, never>>({
  id: 'kubenova.telemetry',
  scope: 'root',
});

/**
 * OpenTelemetry's SDK, as far as `kubenova.telemetry` asks for it. Without it, instruments and spans of all plugins lead nowhere and cost
 * next to nothing.
 *
 * Eager services of the root are made before any plugin is: an instrument that were made earlier would be deaf for good. So it needs no
 * `--require`, and takes its settings where everything else has them. Libraries are not instrumented by themselves: what is told is what
 * Backstage and KubeNova say.
 */
export const telemetry = createServiceFactory({
  service: telemetryServiceRef,
  deps: {
    config: coreServices.rootConfig,
    lifecycle: coreServices.rootLifecycle,
    logger: coreServices.rootLogger,
  },
  initialization: 'always',
  async factory({ config, lifecycle, logger }) {
    if (config.has('kubenova.telemetry.prometheus')) {
      const { host, port } = await serveMetrics(config, lifecycle);
      logger.info('Prometheus may ask for metrics', { host, port });
    }
    if (config.has('kubenova.telemetry.traces')) {
      const { url, ratio } = sendTraces(config, lifecycle);
      logger.info('Traces are sent', { url, ratio });
    }
    return {};
  },
});

async function serveMetrics(
  config: RootConfigService,
  lifecycle: RootLifecycleService,
): Promise<{ host: string; port: number }> {
  const listen = config.getString('kubenova.telemetry.prometheus.listen');
  const address = parseListen(listen);
  const exporter = new PrometheusExporter({
    ...address,
    preventServerStart: true,
  });
  const provider = new MeterProvider({
    readers: [exporter],
    resource: ownResource(),
  });
  metrics.setGlobalMeterProvider(provider);
  await exporter.startServer();
  lifecycle.addShutdownHook(() => provider.shutdown());
  return address;
}

function sendTraces(
  config: RootConfigService,
  lifecycle: RootLifecycleService,
): { url: string; ratio: number } {
  const traces = config.getConfig('kubenova.telemetry.traces');
  const url = traces.getString('url');
  const ratio = traces.getOptionalNumber('ratio') ?? 1;
  const provider = new TracerProvider({
    resource: ownResource(),
    sampler: new ParentBasedSampler({
      root: new TraceIdRatioBasedSampler(ratio),
    }),
    spanProcessors: [
      new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }) }),
    ],
  });
  // Without it, steps that lie within one another would be told as if they did not.
  context.setGlobalContextManager(
    new AsyncLocalStorageContextManager().enable(),
  );
  trace.setGlobalTracerProvider(provider);
  lifecycle.addShutdownHook(() => provider.shutdown());
  return { url, ratio };
}

function ownResource() {
  return resourceFromAttributes({
    'service.name': SERVICE,
    'service.version': version,
    // The name by which the link knows its replicas.
    'service.instance.id': `${hostname()}/${process.pid}`,
  });
}

function parseListen(listen: string): { host: string; port: number } {
  const match = /^(?<host>[^:]+|\[[^\]]+\]):(?<port>\d{1,5})$/.exec(listen);
  if (!match?.groups) {
    throw new Error(
      `kubenova.telemetry.prometheus.listen has to be host:port, such as 127.0.0.1:9464, but is '${listen}'`,
    );
  }
  const { host, port } = match.groups;
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}
