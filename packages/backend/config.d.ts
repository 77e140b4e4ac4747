export interface Config {
  kubenova: {
    /** What a replica of the Manager tells of itself by OpenTelemetry. Nothing by default. */
    telemetry?: {
      /** Metrics for Prometheus, at /metrics of a listener of their own that asks for no credentials: keep it inside. */
      prometheus?: {
        /** host:port; on one machine, another one for each replica. */
        listen: string;
      };
      /** Traces, sent to a collector. */
      traces?: {
        /** Where it takes OTLP over HTTP, such as http://collector:4318/v1/traces */
        url: string;
        /** The part of all traces that is sent, from 0 to 1; default 1. */
        ratio?: number;
      };
    };
  };
}
