import type {
  ApplyOutcome,
  DesiredState,
  DesiredStates,
  Events,
  Snapshots,
  Clock,
} from '@kubenova/operator/link';
import type { FileDatacenter } from '../datacenter/FileDatacenter.ts';

const RETRY_MS = 100;

/**
 * Makes a datacenter of files what its Manager wants: level-based, as the operator's own reconcilers are.
 *
 * 1. A key is looked at when it changes, and all keys when the process starts: what a crash interrupted is done again.
 * 2. The outcome of a deletion is in the journal before its tombstone is confirmed there; a crash between the two repeats both.
 * 3. What can't be written, for want of space, is tried again.
 */
export class Reconciler {
  readonly #datacenter: FileDatacenter;
  readonly #desired: DesiredStates;
  readonly #events: Events;
  readonly #clock: Clock;
  readonly #writer: string;
  readonly #due = new Set<string>();
  #cancelRound: (() => void) | undefined;
  #stopped = false;

  constructor(options: {
    datacenter: FileDatacenter;
    desired: DesiredStates;
    events: Events;
    clock: Clock;
    writer: string;
  }) {
    this.#datacenter = options.datacenter;
    this.#desired = options.desired;
    this.#events = options.events;
    this.#clock = options.clock;
    this.#writer = options.writer;
  }

  /** Follows the desired states until the signal fires. */
  start(snapshots: Snapshots, signal: AbortSignal): void {
    this.#desired.onChange(key => this.wake(key));
    snapshots.onRequest(async () => this.#tellAll());
    signal.addEventListener('abort', () => this.#stop());
    this.#wakeAll();
  }

  /** The key is looked at in the next round. */
  wake(key: string): void {
    this.#due.add(key);
    this.#scheduleRound(0);
  }

  #wakeAll(): void {
    this.#desired.list().forEach(({ key }) => this.wake(key));
    this.#datacenter.list().forEach(({ key }) => this.wake(key));
  }

  #stop(): void {
    this.#stopped = true;
    this.#cancelRound?.();
  }

  #scheduleRound(ms: number): void {
    if (!this.#stopped && !this.#cancelRound) {
      this.#cancelRound = this.#clock.after(ms, () => {
        this.#cancelRound = undefined;
        this.#round();
      });
    }
  }

  #round(): void {
    for (const key of [...this.#due]) {
      try {
        this.#reconcile(key);
        this.#due.delete(key);
      } catch (error) {
        process.stderr.write(`${key} is tried again: ${error}\n`);
        this.#scheduleRound(RETRY_MS);
      }
    }
  }

  #reconcile(key: string): void {
    const state = this.#desired.get(key);
    if (state?.yaml !== undefined) {
      this.#apply(state, state.yaml);
    } else if (state) {
      this.#remove(state);
    }
    this.#tellState(key);
  }

  #apply(state: DesiredState, yaml: string): void {
    const { key, uid, generation } = state;
    const writer = this.#writer;
    const wanted = { uid, generation, yaml, writer };
    let result = this.#datacenter.apply(key, wanted);
    const present = this.#datacenter.get(key);
    if (result === 'taken' && present) {
      // The name was given away, so that object was gone once: a journal that went back has made it again.
      this.#datacenter.remove(key, { ...wanted, uid: present.uid });
      result = this.#datacenter.apply(key, wanted);
    }
    this.#tellOutcome(
      state,
      result === 'applied' ? 'Applied' : 'Failed',
      result === 'applied' ? '' : `The object is ${result}.`,
    );
  }

  #remove(state: DesiredState): void {
    const { key, uid, generation } = state;
    this.#datacenter.remove(key, { uid, generation, writer: this.#writer });
    this.#tellOutcome(state, 'Deleted', '');
    this.#desired.confirmDeleted(key, generation);
  }

  /** E7: everything as it is now. */
  #tellAll(): void {
    for (const state of this.#desired.list()) {
      const applied =
        state.yaml !== undefined &&
        this.#datacenter.get(state.key)?.generation === state.generation;
      if (applied) {
        this.#tellOutcome(state, 'Applied', '');
      }
    }
    this.#datacenter.list().forEach(({ key }) => this.#tellState(key));
  }

  #tellOutcome(
    state: DesiredState,
    outcome: ApplyOutcome,
    message: string,
  ): void {
    const { key, uid, generation } = state;
    this.#events.put({
      key: `apply/${key}`,
      kind: 'state',
      observedAt: this.#clock.now(),
      body: {
        case: 'applyResult',
        value: { key, uid, generation, outcome, message },
      },
    });
  }

  #tellState(key: string): void {
    const object = this.#datacenter.get(key);
    const [kind, tenant, application] = key.split('/');
    if (!object || kind === 'cluster') {
      return;
    }
    const { uid, generation } = object;
    const conditions = [
      {
        type: 'Revision',
        status: 'True' as const,
        message: String(object.revision),
      },
    ];
    this.#events.put({
      key: `status/${key}`,
      kind: 'state',
      observedAt: this.#clock.now(),
      body:
        kind === 'tenants'
          ? {
              case: 'tenantStatus',
              value: {
                ...{ tenant, uid, generation, conditions },
                phase: 'Ready',
                namespaces: [],
              },
            }
          : {
              case: 'applicationStatus',
              value: {
                ...{ tenant, application, uid, generation, conditions },
                health: 'Healthy',
                phase: 'running',
                message: '',
                components: [],
                steps: [],
                gone: false,
              },
            },
    });
  }
}
