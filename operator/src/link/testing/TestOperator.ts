/** The operator's link as main.ts wires it, with a journal in a temporary folder and no cluster behind it. */
import { DateTime } from 'luxon';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, type Logger } from '../../log/logger.ts';
import type { CallHandler } from '../Calls.ts';
import { systemClock as clock } from '../clock.ts';
import { createLink } from '../createLink.ts';
import { Journal } from '../journal/Journal.ts';
import { LinkState } from '../LinkState.ts';
import { OperatorKey } from '../OperatorKey.ts';
import { OperatorKeys } from '../OperatorKeys.ts';
import type { AttemptOutcome } from '../outcome.ts';
import type { ManagerAddress } from '../transport.ts';
import type { Guard, OperatorEvent, Snapshots } from '../types.ts';
import { MemoryKeyStore } from './MemoryKeyStore.ts';

export const TEST_CLUSTER_ID = '5b8f4a39-6a62-4f0e-9a0b-0d7c8b1d3a11';

export const silentLogger: Logger = createLogger({
  write: () => {},
  now: () => DateTime.utc(),
});

export type TestOperatorOptions = {
  manager: { address: ManagerAddress; installationId: string };
  guard?: Guard;
  calls?: Record<string, CallHandler>;
  onOutcome?: (outcome: AttemptOutcome) => void;
  openingTimeoutMs?: number;
  refusedPauseMs?: number;
  /** The installation that the operator was joined to, where it is not the Manager's. */
  installationId?: string;
  clusterId?: string;
  joinToken?: string;
  /** Made anew, where there are none. */
  keys?: OperatorKeys;
};

function memoryKeys(): OperatorKeys {
  const stored = { present: OperatorKey.generate() };
  return new OperatorKeys({ store: new MemoryKeyStore(stored), stored });
}

export class TestOperator {
  readonly journal: Journal;
  readonly snapshots: Snapshots;
  readonly state: LinkState;
  isHolder = true;
  readonly #folder: string;
  readonly #joinTokenFile: string;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(options: TestOperatorOptions) {
    const { manager, clusterId = TEST_CLUSTER_ID } = options;
    this.#folder = mkdtempSync(join(tmpdir(), 'kubenova-operator-'));
    const joinTokenFile = join(this.#folder, 'token');
    writeFileSync(joinTokenFile, options.joinToken ?? 'token-1');
    this.#joinTokenFile = joinTokenFile;
    this.journal = Journal.open({
      file: join(this.#folder, 'journal.db'),
      clusterId,
      clock,
      createUuid: randomUUID,
      spareBytes: 64 * 1024,
    });
    this.state = new LinkState({ clock });
    const link = createLink({
      journal: this.journal,
      guard: options.guard ?? { check: () => ({ allowed: true }) },
      manager: manager.address,
      joinTokenFile,
      identity: {
        clusterId,
        installationId: options.installationId ?? manager.installationId,
        processInstance: randomUUID(),
        operatorVersion: '0.1.0',
        kubernetesVersion: 'v1.36.3',
      },
      keys: options.keys ?? memoryKeys(),
      isHolder: () => this.isHolder,
      state: this.state,
      random: () => 0.5,
      createUuid: randomUUID,
      calls: options.calls,
      onOutcome: options.onOutcome,
      clock,
      logger: silentLogger,
      limits: {
        openingTimeoutMs: options.openingTimeoutMs,
        refusedPauseMs: options.refusedPauseMs,
        graceMs: 200,
        firstBackoffMs: 20,
        lastBackoffMs: 100,
      },
    });
    this.snapshots = link.snapshots;
    this.#running = link.start(this.#stop.signal);
  }

  /** Resolves when the link has ended on its own. */
  get ended(): Promise<void> {
    return this.#running;
  }

  /** As if the join manifest had been applied again, with another token. */
  joinAnew(joinToken: string): void {
    writeFileSync(this.#joinTokenFile, joinToken);
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
    rmSync(this.#folder, { recursive: true });
  }
}

/** A state event that tells tenants apart by name. */
export function tenantEvent(
  tenant: string,
  phase: 'Pending' | 'Ready' = 'Ready',
): OperatorEvent {
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
        phase,
        namespaces: [],
        conditions: [],
      },
    },
  };
}
