import type { Knex } from 'knex';
import { timingSafeEqual } from 'node:crypto';
import { OperatorCallError, StateConflictError } from '../errors';
import type { CallAnswer, CallRequest, Calls } from '../link/calls/types';
import type { LinkReports } from '../link/report/types';
import type * as models from '../schema/openapi/generated/models';
import type { ClusterService } from './ClusterService';
import { toClusterLinkModel } from './linkMappers';
import { readDiagnostics } from './readDiagnostics';

const PING_DEADLINE_MS = 10_000;
const DIAGNOSTICS_DEADLINE_MS = 15_000;
const PING_BYTES = 16;

/** How the links to operators are, and live questions to operators. */
export class ClusterLinkService {
  readonly #calls: Calls;
  readonly #clusters: Pick<ClusterService, 'require'>;
  readonly #database: Knex;
  readonly #linkReports: LinkReports;
  readonly #monotonicMs: () => number;
  readonly #randomBytes: (size: number) => Uint8Array;

  constructor(options: {
    calls: Calls;
    clusters: Pick<ClusterService, 'require'>;
    database: Knex;
    linkReports: LinkReports;
    /** Milliseconds of a clock that never goes back. */
    monotonicMs: () => number;
    randomBytes: (size: number) => Uint8Array;
  }) {
    this.#calls = options.calls;
    this.#clusters = options.clusters;
    this.#database = options.database;
    this.#linkReports = options.linkReports;
    this.#monotonicMs = options.monotonicMs;
    this.#randomBytes = options.randomBytes;
  }

  async get(clusterName: string): Promise<models.ClusterLink> {
    const cluster = await this.#clusters.require(this.#database, clusterName);
    const report = await this.#linkReports.read(this.#database, cluster.id);
    return toClusterLinkModel(report, cluster.reported);
  }

  /**
   * Asks the operator whether it is there.
   *
   * @throws StateConflictError (NOT_CONNECTED, CALL_UNSUPPORTED), OperatorCallError (CALL_FAILED, OUTCOME_UNKNOWN)
   */
  async ping(
    clusterName: string,
    options: { signal: AbortSignal },
  ): Promise<models.LinkPing> {
    const payload = this.#randomBytes(PING_BYTES);
    const startedAtMs = this.#monotonicMs();
    const answer = await this.#ask(clusterName, {
      method: 'ping',
      payload,
      deadlineMs: PING_DEADLINE_MS,
      ...options,
    });
    const roundTripMs = this.#monotonicMs() - startedAtMs;
    const isEcho =
      answer.byteLength === PING_BYTES && timingSafeEqual(answer, payload);
    if (!isEcho) {
      throw new OperatorCallError(
        'CALL_FAILED',
        `The operator of ${clusterName} answered something else than it was sent; upgrade it.`,
      );
    }
    return { roundTripMs: Math.round(roundTripMs * 10) / 10 };
  }

  /**
   * Asks the operator how it is.
   *
   * @throws as `ping` does
   */
  async diagnose(
    clusterName: string,
    options: { signal: AbortSignal },
  ): Promise<models.LinkDiagnostics> {
    const answer = await this.#ask(clusterName, {
      method: 'diagnostics',
      deadlineMs: DIAGNOSTICS_DEADLINE_MS,
      ...options,
    });
    const diagnostics = readDiagnostics(answer);
    if (!diagnostics) {
      throw new OperatorCallError(
        'CALL_FAILED',
        `What the operator of ${clusterName} tells of itself can not be read; upgrade the older one of operator and portal.`,
      );
    }
    return diagnostics;
  }

  async #ask(
    clusterName: string,
    request: Omit<CallRequest, 'clusterId'>,
  ): Promise<Uint8Array> {
    const { id } = await this.#clusters.require(this.#database, clusterName);
    const answer = await this.#calls.ask({ clusterId: id, ...request });
    if (answer.outcome !== 'answered') {
      throw refusal(clusterName, answer);
    }
    return answer.answer;
  }
}

function refusal(
  name: string,
  answer: Exclude<CallAnswer, { outcome: 'answered' }>,
): Error {
  switch (answer.outcome) {
    case 'not_connected':
      return new StateConflictError(
        'NOT_CONNECTED',
        answer.since
          ? `The operator of ${name} is not connected since ${answer.since.toISOString()}; look whether it runs and reaches the link's address.`
          : `No operator of ${name} has connected yet; make a join command and apply it in the cluster.`,
      );
    case 'unsupported':
      return new StateConflictError(
        'CALL_UNSUPPORTED',
        `The operator of ${name} takes no questions; upgrade it first.`,
      );
    case 'failed':
      return new OperatorCallError(
        'CALL_FAILED',
        `The operator of ${name} has no answer: ${answer.message}`,
      );
    case 'unknown':
      return new OperatorCallError(
        'OUTCOME_UNKNOWN',
        `${answer.message}. What came of it at ${name} is not known; ask again.`,
      );
    default:
      throw new Error(`Unknown outcome ${answer satisfies never}`);
  }
}
