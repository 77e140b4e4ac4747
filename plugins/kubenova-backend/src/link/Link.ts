import { Calls } from './calls/types';
import { LinkReports } from './report/types';
import {
  ChangeNotifier,
  EventHandler,
  LinkAddress,
  LinkDurability,
  LinkFence,
  LinkRotations,
  LinkStates,
  OperatorRegistry,
  Outbox,
  SessionListener,
  SnapshotListener,
} from './types';

/** What the domains give the link when it starts. */
export interface LinkDomains {
  /** Who may open a session. */
  registry: OperatorRegistry;
  /**
   * Project events; several may take the same type, and are asked in this order: what is deleted with its parts comes after the handler
   * of the parts.
   */
  handlers: readonly EventHandler[];
  /** Hear of snapshots that are complete. */
  snapshotListeners: readonly SnapshotListener[];
  /** Hear of sessions. */
  sessionListeners: readonly SessionListener[];
  /** Is told after each commit what changed. */
  changes: ChangeNotifier;
}

/** The Manager's side of the link. */
export interface Link {
  readonly outbox: Outbox;
  readonly states: LinkStates;
  /** Live questions to operators (S8). Answers come once this replica has started. */
  readonly calls: Calls;
  /** How links are, for people. */
  readonly reports: LinkReports;
  readonly fence: LinkFence;
  readonly rotations: LinkRotations;
  readonly address: LinkAddress;
  /** How durable what this replica acknowledges is; known soon after the start. */
  readonly durability: LinkDurability;
  /**
   * Listens, takes sessions and sweeps, until `stop`. Returns the port, which differs from the configured one only where that is 0.
   *
   * @throws Error where the address can't be bound.
   */
  start(domains: LinkDomains): Promise<{ port: number }>;
  /** Asks operators to dial elsewhere, acknowledges what is in flight and closes (S4). Returns when no socket or timer is left. */
  stop(): Promise<void>;
}
