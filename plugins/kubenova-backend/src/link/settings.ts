import { Config } from '@backstage/config';
import { Rate } from './gateway/limits/TokenBuckets';

/** How the link is set up, and its numbers. Milliseconds unless the name says otherwise. */
export interface LinkSettings {
  /** Where the listener binds. */
  listen: { host: string; port: number };
  /** How operators reach it: `https://host:port`. */
  publicUrl: string;
  /** Files of a certificate of one's own; absent: a CA of the installation's own. */
  tls?: { certFile: string; keyFile: string; caFile: string };
  /** The numbers of docs/protocol.md. */
  periods: LinkPeriods;
  limits: LinkLimits;
}

/**
 * How much this replica lets in (S7). The rates by address are generous, since everybody may come from one: that of a load balancer, or of
 * a company's NAT.
 */
export interface LinkLimits {
  enrolmentsPerAddress: Rate;
  /** Of each address. */
  enrolmentsPerCluster: Rate;
  /** Requests for join manifests. */
  manifestsPerAddress: Rate;
  sessionsPerAddress: Rate;
  sessionsPerCluster: Rate;
  /** Refusals that are written down for a cluster's page. */
  refusalsWrittenPerCluster: Rate;
  /** Sessions at once. */
  sessions: number;
  /** Those of them whose Hello was not accepted yet: each may hold a frame's worth of memory for a stranger. */
  unopenedSessions: number;
}

export const DEFAULT_LIMITS: LinkLimits = {
  enrolmentsPerAddress: { burst: 2_000, perMinute: 1_200 },
  enrolmentsPerCluster: { burst: 30, perMinute: 30 },
  manifestsPerAddress: { burst: 300, perMinute: 300 },
  sessionsPerAddress: { burst: 10_000, perMinute: 10_000 },
  sessionsPerCluster: { burst: 60, perMinute: 60 },
  refusalsWrittenPerCluster: { burst: 5, perMinute: 30 },
  sessions: 5_000,
  unopenedSessions: 1_000,
};

export interface LinkPeriods {
  /** Challenge and Hello have to be over by then. */
  hello: number;
  /** Heartbeats of each side, and renewals of the lease (S2, S3). */
  heartbeat: number;
  /** Silence after which a side is dead (S2). */
  silence: number;
  /** Silence after which a cluster is shown stale (S2). */
  stale: number;
  /** Between two sweeps for stale clusters (S2). */
  sweep: number;
  /** Between two looks for desired state that no NOTIFY told of (S6). */
  poll: number;
  /** Without a renewal that commits for so long, a replica gives its sessions up (S3). */
  lease: number;
  /** Three changes of the process instance within it are those of two operators (S1). */
  contest: number;
  /** Postgres has to answer by then, or the connection is broken (S3). Above every limit of the server's. */
  database: number;
  /** Between two tries to take a link over that another process instance holds (S1). */
  takeover: number;
  /** How long a session lives, a fifth more or less, before its operator dials again (S4). */
  session: number;
  /** Between two steps that give sessions to other replicas (S4). */
  balance: number;
  /** Between two looks for a new certificate. */
  certificates: number;
  /** How long sessions have to end in order when the Manager stops (S4). */
  drain: number;
  /** Pause after an ingest that failed; the batch is tried again (E9). */
  ingestRetry: number;
}

export const DEFAULT_PERIODS: LinkPeriods = {
  hello: 10_000,
  heartbeat: 5_000,
  silence: 15_000,
  stale: 30_000,
  sweep: 5_000,
  poll: 2_000,
  lease: 10_000,
  database: 20_000,
  contest: 600_000,
  takeover: 1_000,
  session: 3_600_000,
  balance: 30_000,
  certificates: 30_000,
  drain: 3_000,
  ingestRetry: 1_000,
};

/** @throws Error with a sentence where `kubenova.link` is incomplete. */
export function readLinkSettings(config: Config): LinkSettings {
  const link = config.getConfig('kubenova.link');
  const listen = parseListen(link.getString('listen'));
  const publicUrl = new URL(
    link.getOptionalString('publicUrl') ??
      `https://${bracketed(listen.host)}:${listen.port}`,
  );
  if (publicUrl.protocol !== 'https:') {
    throw new Error(
      `kubenova.link.publicUrl has to start with https://, but is '${publicUrl}'`,
    );
  }
  const tls = link.getOptionalConfig('tls');
  return {
    listen,
    publicUrl: publicUrl.origin,
    tls: tls && {
      certFile: tls.getString('certFile'),
      keyFile: tls.getString('keyFile'),
      caFile: tls.getString('caFile'),
    },
    periods: DEFAULT_PERIODS,
    limits: readLimits(link.getOptionalConfig('limits')),
  };
}

function readLimits(config: Config | undefined): LinkLimits {
  const read = (name: keyof LinkLimits, part: keyof Rate, value: number) =>
    positive(config, `${name}.${part}`, value);
  const rate = (
    name: Exclude<keyof LinkLimits, 'sessions' | 'unopenedSessions'>,
  ): Rate => ({
    burst: read(name, 'burst', DEFAULT_LIMITS[name].burst),
    perMinute: read(name, 'perMinute', DEFAULT_LIMITS[name].perMinute),
  });
  const number = (name: 'sessions' | 'unopenedSessions') =>
    positive(config, name, DEFAULT_LIMITS[name]);
  return {
    enrolmentsPerAddress: rate('enrolmentsPerAddress'),
    enrolmentsPerCluster: rate('enrolmentsPerCluster'),
    manifestsPerAddress: rate('manifestsPerAddress'),
    sessionsPerAddress: rate('sessionsPerAddress'),
    sessionsPerCluster: rate('sessionsPerCluster'),
    refusalsWrittenPerCluster: rate('refusalsWrittenPerCluster'),
    sessions: number('sessions'),
    unopenedSessions: number('unopenedSessions'),
  };
}

function positive(
  config: Config | undefined,
  key: string,
  otherwise: number,
): number {
  const value = config?.getOptionalNumber(key) ?? otherwise;
  if (value < 1) {
    throw new Error(
      `kubenova.link.limits.${key} has to be 1 or more, but is ${value}`,
    );
  }
  return value;
}

function parseListen(listen: string): { host: string; port: number } {
  const match = /^(?:\[(?<six>[^\]]+)\]|(?<host>[^:]*)):(?<port>\d+)$/.exec(
    listen,
  );
  const port = Number(match?.groups?.port);
  if (!match?.groups || port > 65_535) {
    throw new Error(
      `kubenova.link.listen has to be host:port, such as 0.0.0.0:7443, but is '${listen}'`,
    );
  }
  return { host: match.groups.six ?? (match.groups.host || '0.0.0.0'), port };
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
