import type {
  AuditorService,
  HttpAuthService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError, toError } from '@backstage/errors';
import {
  AuthorizeResult,
  type BasicPermission,
} from '@backstage/plugin-permission-common';
import type { JsonObject } from '@backstage/types';
import type { Request } from 'express';
import type { Actor, UserDirectory } from '../users';

/** A request of whatever route. */
type AnyRequest = Request<any, any, any, any, any>; // as HttpAuthService and AuditorService take them

/** What every route does before its own work: find out who asks, whether they may, and write down what they change. */
export class RouteGuard {
  readonly #auditor: AuditorService;
  readonly #httpAuth: HttpAuthService;
  readonly #permissions: PermissionsService;
  readonly #users: UserDirectory;

  constructor(options: {
    auditor: AuditorService;
    httpAuth: HttpAuthService;
    permissions: PermissionsService;
    users: UserDirectory;
  }) {
    this.#auditor = options.auditor;
    this.#httpAuth = options.httpAuth;
    this.#permissions = options.permissions;
    this.#users = options.users;
  }

  /** @throws NotAllowedError where the caller lacks the permission. */
  async authorize(
    req: AnyRequest,
    permission: BasicPermission,
  ): Promise<Actor> {
    const credentials = await this.#httpAuth.credentials(req, {
      allow: ['user', 'service'],
    });
    const [decision] = await this.#permissions.authorize([{ permission }], {
      credentials,
    });
    if (decision.result !== AuthorizeResult.ALLOW) {
      throw new NotAllowedError(
        `You need the permission ${permission.name} for this; ask a platform administrator.`,
      );
    }
    return credentials.principal.type === 'user'
      ? this.#users.actorOf(credentials.principal.userEntityRef)
      : { type: 'service', ref: credentials.principal.subject };
  }

  /** Does `change` and writes an audit event about it, whether it succeeds or not. */
  async audited<T>(
    req: AnyRequest,
    event: { eventId: string; meta: JsonObject },
    change: () => Promise<T>,
  ): Promise<T> {
    const audit = await this.#auditor.createEvent({
      ...event,
      request: req,
      severityLevel: 'medium',
    });
    try {
      const result = await change();
      await audit.success();
      return result;
    } catch (error) {
      await audit.fail({ error: toError(error) });
      throw error;
    }
  }
}
