/** The operator's link as main.ts wires it, with a journal in a temporary folder and no cluster behind it. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DateTime } from 'luxon';
import { createLogger, type Logger } from '../../log/logger.ts';
import { createBackoff } from '../backoff.ts';
import { Calls, ping, type CallHandler } from '../Calls.ts';
import { systemClock, type Clock } from '../clock.ts';
import { attemptSession } from '../connection.ts';
import { enroll } from '../enroll.ts';
import { Journal } from '../journal/Journal.ts';
import { LinkState } from '../LinkState.ts';
import { OperatorKey } from '../OperatorKey.ts';
import { SnapshotRunner } from '../SnapshotRunner.ts';
import { Supervisor } from '../Supervisor.ts';
import type { Guard, OperatorEvent } from '../types.ts';
import type { ScriptedManager } from './ScriptedManager.ts';

const CLUSTER_ID = '5b8f4a39-6a62-4f0e-9a0b-0d7c8b1d3a11';

export type TestOperatorOptions = {
  manager: ScriptedManager;
  guard?: Guard;
  clock?: Clock;
  calls?: Record<string, CallHandler>;
  openingTimeoutMs?: number;
  /** The installation that the operator was joined to, where it is not the Manager's. */
  installationId?: string;
};

export class TestOperator {
  readonly journal: Journal;
  readonly snapshots: SnapshotRunner;
  readonly state: LinkState;
  readonly folder: string;
  isHolder = true;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(options: TestOperatorOptions) {
    const { manager, clock = systemClock } = options;
    this.folder = mkdtempSync(join(tmpdir(), 'kubenova-operator-'));
    this.journal = Journal.open({
      file: join(this.folder, 'journal.db'),
      clusterId: CLUSTER_ID,
      clock,
      createUuid: randomUUID,
    });
    const logger = silentLogger;
    const key = OperatorKey.generate();
    const identity = {
      clusterId: CLUSTER_ID,
      installationId: options.installationId ?? manager.installationId,
      processInstance: randomUUID(),
      operatorVersion: '0.1.0',
      kubernetesVersion: 'v1.36.3',
    };
    const { events } = this.journal;
    this.snapshots = new SnapshotRunner({ events, logger });
    this.state = new LinkState({ clock });
    const supervisor = new Supervisor({
      isEnrolled: () => this.journal.enrolledKey !== undefined,
      enroll: async signal => {
        const outcome = await enroll({
          manager: manager.address,
          identity,
          key,
          joinToken: 'token-1',
          signal,
        });
        if (outcome.kind === 'enrolled') {
          this.journal.enrolledKey = Buffer.from(key.publicKey()).toString(
            'base64',
          );
        }
        return outcome;
      },
      attempt: (signal, onOpen) =>
        attemptSession(
          {
            journal: this.journal,
            guard: options.guard ?? { check: () => ({ allowed: true }) },
            calls: new Calls({
              handlers: options.calls ?? { ping },
              clock,
              logger,
            }),
            snapshots: this.snapshots,
            manager: manager.address,
            identity,
            key,
            createUuid: randomUUID,
            onOpen,
            graceMs: 200,
            openingTimeoutMs: options.openingTimeoutMs,
            clock,
            logger,
          },
          signal,
        ),
      isHolder: () => this.isHolder,
      state: this.state,
      backoff: createBackoff({
        firstCeilingMs: 20,
        lastCeilingMs: 100,
        random: () => 0.5,
      }),
      random: () => 0.5,
      clock,
      logger,
    });
    this.#running = supervisor.run(this.#stop.signal);
  }

  /** Resolves when the link has ended on its own. */
  get ended(): Promise<void> {
    return this.#running;
  }

  /** What SIGTERM does. */
  interrupt(): void {
    this.#stop.abort();
  }

  /** Stops in good order, and removes what is left. */
  async stop(): Promise<void> {
    this.interrupt();
    await this.#running;
    this.journal.close();
    rmSync(this.folder, { recursive: true });
  }
}

export const silentLogger: Logger = createLogger({
  write: () => {},
  now: () => DateTime.utc(),
});

/** A state event that tells tenants apart by name. */
export function tenantEvent(tenant: string, phase = 'Ready'): OperatorEvent {
  return {
    key: `status/tenants/${tenant}`,
    kind: 'state',
    observedAt: DateTime.utc(),
    body: {
      case: 'tenantStatus',
      value: {
        tenant,
        uid: `uid-${tenant}`,
        generation: 1,
        phase: phase as 'Ready' | 'Pending',
        namespaces: [],
        conditions: [],
      },
    },
  };
}
