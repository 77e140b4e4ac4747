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
import { LinkLimits } from '../settings';
import { LinkTelemetry, SessionWatch } from '../telemetry';
import {
  enrollError,
  isUnreadable,
  notReadyError,
  overloadedError,
  rateError,
  sessionError,
} from './errors';
import { RateLimits } from './limits/RateLimits';
import { streamContextKey } from './streamContext';

/** The RPCs of the link, and the sessions that they opened. */
export class LinkServiceHandlers {
  readonly #context: SessionContext;
  readonly #ready: () => boolean;
  readonly #rates: RateLimits;
  readonly #limits: LinkLimits;
  readonly #telemetry: LinkTelemetry;
  readonly #sessions = new Set<Session>();
  #unopened = 0;

  constructor(options: {
    context: SessionContext;
    rates: RateLimits;
    limits: LinkLimits;
    telemetry: LinkTelemetry;
    ready(): boolean;
  }) {
    this.#context = options.context;
    this.#rates = options.rates;
    this.#limits = options.limits;
    this.#telemetry = options.telemetry;
    this.#ready = options.ready;
  }

  register(router: ConnectRouter): void {
    router.service(LinkService, {
      enroll: (request, context) => this.#enroll(request, context),
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

  async #enroll(request: EnrollRequest, context: HandlerContext) {
    const { remoteAddress } = context.values.get(streamContextKey);
    const { novaClusterId } = request;
    const tooMany = this.#rates.enrolment({ remoteAddress, novaClusterId });
    if (tooMany) {
      throw rateError(tooMany.message);
    }
    const outcome = await this.#telemetry.span('kubenova.link.enrol', {}, () =>
      this.#context.registry.enroll({
        joinToken: request.joinToken,
        novaClusterId: request.novaClusterId,
        publicKey: request.publicKey,
      }),
    );
    this.#telemetry.enrolled(
      outcome.outcome === 'refused' ? outcome.reason : outcome.outcome,
    );
    if (outcome.outcome === 'refused') {
      this.#context.logger.warn('An operator was refused to enrol', {
        clusterId: novaClusterId.slice(0, 36), // whatever a stranger sends
        reason: outcome.reason,
        remoteAddress,
      });
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
    const { remoteAddress, goAway, destroy } =
      context.values.get(streamContextKey);
    const tooMany = this.#rates.session(remoteAddress);
    if (tooMany) {
      throw rateError(tooMany.message);
    }
    if (
      this.#sessions.size >= this.#limits.sessions ||
      this.#unopened >= this.#limits.unopenedSessions
    ) {
      throw overloadedError();
    }
    const watch = new SessionWatch({
      telemetry: this.#telemetry,
      monotonicMs: () => this.#context.clock.monotonicMs(),
    });
    const session = new Session(this.#context, {
      requests: watch.received(requests),
      signal: context.signal,
      remoteAddress,
      goAway,
      destroy,
      errorOf: sessionError,
      isProtocolError: isUnreadable,
    });
    this.#sessions.add(session);
    this.#unopened += 1;
    void session.decided.then(() => {
      this.#unopened -= 1;
    });
    void session.ended.then(end => {
      this.#sessions.delete(session);
      watch.ended(end);
    });
    return watch.sent(session.run());
  }
}
