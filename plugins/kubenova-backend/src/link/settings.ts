import { Config } from '@backstage/config';

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
}

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
  /** Between two tries to take a link over that another process instance holds (S1). */
  takeover: number;
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
  contest: 600_000,
  takeover: 1_000,
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
  };
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
