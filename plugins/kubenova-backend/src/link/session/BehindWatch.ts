import { HeldState as HeldStateFrame } from '@kubenova/proto';
import { DigestOutcome } from '../behind/operations/recordDigest';
import { HeldState } from '../behind/operations/recordHeldStates';
import { ChangeNotifier } from '../types';
import { HeldStateRequests } from './HeldStateRequests';
import { Frame } from './Outbound';
import { OpenLink } from './SessionState';

/** Operators with it answer a HeldRequest. */
export const HELD_STATES_CAPABILITY = 'held-states';

/** What is written and read of keys that somebody has to decide about; all calls check the session's epoch. */
export interface BehindStates {
  keep(states: readonly HeldState[]): Promise<void>;
  /** Whether a snapshot is to be asked for; answers so once. */
  takeSnapshotWish(): Promise<boolean>;
}

/**
 * What a session does about a Manager that lost its past (D9): it tells that somebody has to decide, asks the operator what it holds, and,
 * once states were adopted, how they are (E7).
 */
export class BehindWatch {
  readonly #link: OpenLink;
  readonly #states: BehindStates;
  readonly #requests: HeldStateRequests;
  readonly #changes: ChangeNotifier;
  readonly #send: (frame: Frame) => void;
  readonly #createUuid: () => string;
  /** States may be adopted, or may have been before this session was opened. */
  #maySnapshotBeWanted = true;
  #isBehind = false;

  constructor(options: {
    link: OpenLink;
    states: BehindStates;
    changes: ChangeNotifier;
    send(frame: Frame): void;
    createUuid(): string;
  }) {
    this.#link = options.link;
    this.#states = options.states;
    this.#changes = options.changes;
    this.#send = options.send;
    this.#createUuid = options.createUuid;
    this.#requests = new HeldStateRequests({
      send: value => this.#send({ case: 'heldRequest', value }),
      keep: states => this.#states.keep(states),
    });
  }

  /** @throws ProtocolError where it was not asked for, or can't be read. */
  receive(frame: HeldStateFrame): void {
    this.#requests.receive(frame);
  }

  compared(outcome: Extract<DigestOutcome, { outcome: 'compared' }>): void {
    this.#isBehind = outcome.behind > 0;
    if (this.#link.capabilities.includes(HELD_STATES_CAPABILITY)) {
      this.#requests.want(outcome.unread);
    }
    if (outcome.isNews) {
      this.#changes.changed([
        { kind: 'cluster', name: this.#link.clusterName },
      ]);
    }
  }

  /** Does what is due; called whenever the session was nudged. */
  async run(): Promise<void> {
    await this.#requests.run();
    if (!this.#maySnapshotBeWanted && !this.#isBehind) {
      return;
    }
    if (await this.#states.takeSnapshotWish()) {
      this.#send({
        case: 'snapshotRequest',
        value: { id: this.#createUuid() },
      });
    }
    this.#maySnapshotBeWanted = false;
  }
}
