import { ConnectRouter, HandlerContext } from '@connectrpc/connect';
import {
  ConnectRequest,
  ConnectResponse,
  EnrollRequest,
  LinkService,
} from '@kubenova/proto';
import { Session } from '../session/Session';
import { DrainOrder } from '../session/SessionState';
import { SessionContext } from '../session/types';
import {
  enrollError,
  isUnreadable,
  notReadyError,
  overloadedError,
  sessionError,
} from './errors';
import { streamContextKey } from './streamContext';

/** Sessions that one replica takes, opened or not. */
const MAX_SESSIONS = 5_000;

/** The RPCs of the link, and the sessions that they opened. */
export class LinkServiceHandlers {
  readonly #context: SessionContext;
  readonly #ready: () => boolean;
  readonly #sessions = new Set<Session>();

  constructor(options: { context: SessionContext; ready(): boolean }) {
    this.#context = options.context;
    this.#ready = options.ready;
  }

  register(router: ConnectRouter): void {
    router.service(LinkService, {
      enroll: request => this.#enroll(request),
      connect: (requests, context) => this.#connect(requests, context),
    });
  }

  /** Asks all operators to dial elsewhere, and returns when no session is left (S4). */
  async drain(order: DrainOrder): Promise<void> {
    for (const session of this.#sessions) {
      session.drain(order);
    }
    await Promise.all([...this.#sessions].map(session => session.ended));
  }

  async #enroll(request: EnrollRequest) {
    const outcome = await this.#context.registry.enroll({
      joinToken: request.joinToken,
      novaClusterId: request.novaClusterId,
      publicKey: request.publicKey,
    });
    if (outcome.outcome === 'refused') {
      this.#context.logger.warn(
        `An operator was refused to enrol for the cluster ${JSON.stringify(
          request.novaClusterId,
        )}: ${outcome.reason}`,
      );
      throw enrollError(outcome);
    }
    return {
      installationId: this.#context.installationId,
      clusterName: outcome.clusterName,
    };
  }

  #connect(
    requests: AsyncIterable<ConnectRequest>,
    context: HandlerContext,
  ): AsyncIterable<ConnectResponse> {
    if (!this.#ready()) {
      throw notReadyError();
    }
    if (this.#sessions.size >= MAX_SESSIONS) {
      throw overloadedError();
    }
    const { remoteAddress, destroy } = context.values.get(streamContextKey);
    const session = new Session(this.#context, {
      requests,
      signal: context.signal,
      remoteAddress,
      destroy,
      errorOf: sessionError,
      isProtocolError: isUnreadable,
    });
    this.#sessions.add(session);
    void session.ended.then(() => this.#sessions.delete(session));
    return session.run();
  }
}
