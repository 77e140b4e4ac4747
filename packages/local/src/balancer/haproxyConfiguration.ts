import { hostAndPort, type Address } from '../processes/address.ts';

/** One backend behind the balancer: where it serves the portal, and where its link listens. */
export type BalancedReplica = {
  /** Unique among the replicas; HAProxy's log names it. */
  name: string;
  portal: Address;
  link: Address;
};

export type BalancerAddresses = {
  /** The one address of the portal. */
  portal: Address;
  /** The one address of the link. */
  link: Address;
  /** Answers 200 while every replica takes requests and sessions, and 503 otherwise. */
  health: Address;
};

/**
 * HAProxy's configuration for replicas behind one address each for portal and link.
 *
 * 1. The portal goes through as HTTP and follows Backstage's readiness, which fails as soon as a replica is told to stop, a while before
 *    it takes no more requests. What it is answering then is answered to the end.
 * 2. The link goes through as TCP, so that its TLS reaches from the operators to the Manager. It follows the gRPC health of the listener
 *    itself, which Backstage's readiness does not cover: a replica that is cut off from its database is not ready (S3). The
 *    listener speaks the Connect protocol as well: the same service, asked by HTTP/1.1 and JSON.
 * 3. A connection that a replica refuses goes to another one: between a replica's end and the next check nobody is turned away.
 * 4. A connection to a replica is for one request: one that is kept might be closed by the replica just when the next request is sent,
 *    which for a POST nobody may send again.
 * 5. Heartbeats come every 5 s (S2), so a link that is silent for a minute is no link any more; pages keep WebSockets for longer.
 */
export function haproxyConfiguration(
  addresses: BalancerAddresses,
  replicas: readonly BalancedReplica[],
): string {
  const all = replicas.length;
  return `defaults
  balance leastconn
  retries 3
  option redispatch 1
  timeout connect 2s
  timeout check 2s
  timeout client 1m
  timeout server 1m
  default-server check inter 500ms fall 1 rise 1

frontend portal
  mode http
  bind ${hostAndPort(addresses.portal)}
  timeout http-request 10s
  option forwardfor
  default_backend portals

backend portals
  mode http
  timeout tunnel 1h
  option http-server-close
  option httpchk GET /.backstage/health/v1/readiness
  http-check expect status 200
${servers(replicas, ({ portal }) => hostAndPort(portal))}

frontend link
  mode tcp
  bind ${hostAndPort(addresses.link)}
  default_backend links

backend links
  mode tcp
  option httpchk
  http-check send meth POST uri /grpc.health.v1.Health/Check ver HTTP/1.1 hdr host link hdr content-type application/json body "{}"
  http-check expect rstring "\\"(SERVING_STATUS_)?SERVING\\""
${servers(replicas, ({ link }) => `${hostAndPort(link)} check-ssl verify none`)}

frontend health
  mode http
  bind ${hostAndPort(addresses.health)}
  monitor-uri /
  monitor fail if { nbsrv(portals) lt ${all} } || { nbsrv(links) lt ${all} }
`;
}

function servers(
  replicas: readonly BalancedReplica[],
  serverOf: (replica: BalancedReplica) => string,
): string {
  return replicas
    .map(replica => `  server ${replica.name} ${serverOf(replica)}`)
    .join('\n');
}
