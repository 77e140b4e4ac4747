import { LoggerService } from '@backstage/backend-plugin-api';
import { ConnectRequest, Hello } from '@kubenova/proto';
import { CallStates } from '../calls/SessionCalls';
import { LinkErrors } from '../errors/LinkErrors';
import { Ingest } from '../ingest/types';
import { JournalFill } from '../lease/operations/renewSessions';
import { LinkPeriods } from '../settings';
import { ChangeNotifier, OperatorRegistry } from '../types';
import { BehindStates } from './BehindWatch';
import { UnsentStates } from './DesiredStatePump';
import { NextKeyOutcome } from './KeyRotation';
import { DrainOrder, OpenLink, SessionEnd } from './SessionState';

/** Time and randomness, injected. */
export interface SessionClock {
  /** Milliseconds of a clock that never goes back. */
  monotonicMs(): number;
  randomBytes(size: number): Uint8Array;
  createUuid(): string;
}

/** Takes, keeps and gives back links (lease/). */
export interface SessionLease {
  /** Takes the link in one transaction with those who listen for sessions. */
  open(request: {
    cluster: { id: string; name: string };
    hello: Hello;
    /** The key that signed the Hello. */
    publicKey: Uint8Array;
    remoteAddress: string;
  }): Promise<
    | { outcome: 'opened'; link: OpenLink }
    /** Another process of the operator holds it. */
    | { outcome: 'held' }
    /** The key was revoked or replaced since the Hello was verified. */
    | { outcome: 'spent_key' }
  >;
  /** Writes that an operator of a known cluster was refused, for the page of the cluster. Does not throw. */
  refuse(refusal: {
    cluster: { id: string; name: string };
    end: SessionEnd;
    remoteAddress: string;
  }): Promise<void>;
  /** From now on the link is renewed, until `release`. A session of an older epoch that this replica holds is ended. */
  hold(link: OpenLink, session: HeldSession): void;
  /** Ends the renewal and writes why the session ended, unless it was fenced. Does not throw. */
  release(link: OpenLink, reason: string): Promise<void>;
}

/** What the lease and the nudges see of a session. */
export interface HeldSession {
  /** How long the operator has been silent, in milliseconds. */
  silentMs(): number;
  /** The highest sequence that it has acknowledged. */
  ackedSeq(): bigint;
  /** Somebody else has the link now, or this replica may not keep it. */
  fence(reason: 'fenced' | 'lease_lost', message: string): void;
  /** The operator is to dial again (S4). */
  drain(order: DrainOrder): void;
  /** The operator is to have a new key (S7). */
  rotateKey(rotationId: string): void;
  /** There may be desired state to send. */
  nudge(): void;
  /** What the operator last told of its journal. */
  journalFill(): JournalFill | undefined;
  /** There may be calls to send, or to let go on. */
  nudgeCalls(): void;
}

/** How often a cluster's operator may do what costs (gateway/limits). */
export interface SessionRates {
  /** A sentence where the operator opens sessions too often. */
  sessionOfCluster(clusterId: string): { message: string } | undefined;
  mayWriteRefusal(clusterId: string): boolean;
}

/** What a session works with. */
export interface SessionContext {
  installationId: string;
  registry: OperatorRegistry;
  lease: SessionLease;
  keepNextKey(
    link: OpenLink,
    key: { rotationId: string; publicKey: Uint8Array },
  ): Promise<NextKeyOutcome>;
  unsentStates(link: OpenLink): UnsentStates;
  behindStates(link: OpenLink): BehindStates;
  callStates(link: OpenLink): CallStates;
  errors: LinkErrors;
  ingest: Ingest;
  changes: ChangeNotifier;
  logger: LoggerService;
  rates: SessionRates;
  clock: SessionClock;
  periods: LinkPeriods;
}

/** The RPC stream of a session, as the gateway gives it. */
export interface SessionStream {
  requests: AsyncIterable<ConnectRequest>;
  /** Fires when the stream is gone. */
  signal: AbortSignal;
  remoteAddress: string;
  /** Tells the peer to open no further stream on this connection. */
  goAway(): void;
  /** Breaks the stream off: for a peer that leaves its side open. */
  destroy(): void;
  /** What the stream ends with; `undefined` for an end in order. */
  errorOf(end: SessionEnd): Error | undefined;
  /** Whether an error of reading says that the peer sent something wrong, rather than that it went away. */
  isProtocolError(error: unknown): boolean;
}
