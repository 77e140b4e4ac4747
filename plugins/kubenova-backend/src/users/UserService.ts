import { NotAllowedError } from '@backstage/errors';
import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import { UnknownObjectError } from '../errors';
import { isUuid } from '../router/isUuid';
import type { IsAdministrator } from './administrators';
import type { Actor, User, UserDirectory } from './types';
import type { UserStore } from './UserStore';

export class UserService implements UserDirectory {
  readonly #clock: () => DateTime;
  readonly #database: Knex;
  readonly #isAdministrator: IsAdministrator;
  readonly #store: UserStore;
  readonly #uuid: () => string;

  constructor(options: {
    clock: () => DateTime;
    database: Knex;
    isAdministrator: IsAdministrator;
    store: UserStore;
    uuid: () => string;
  }) {
    this.#clock = options.clock;
    this.#database = options.database;
    this.#isAdministrator = options.isAdministrator;
    this.#store = options.store;
    this.#uuid = options.uuid;
  }

  async actorOf(entityRef: string): Promise<Actor> {
    const user =
      (await this.#store.findByEntityRef(this.#database, entityRef)) ??
      (await this.#add(entityRef));
    return { type: 'user', user, ref: user.entityRef };
  }

  /**
   * Reads a user on behalf of an actor.
   *
   * @param id - a UUID, or `me` for the actor's own.
   * @throws NotAllowedError for another user's id, unless the actor is an administrator; whether there is such a user stays unsaid.
   */
  async read(actor: Actor, id: string): Promise<User> {
    if (actor.type === 'user' && (id === 'me' || id === actor.user.id)) {
      return actor.user;
    }
    if (id === 'me' || !this.#isAdministrator(actor)) {
      throw new NotAllowedError(
        'You may only read your own user; use "me" instead of an id.',
      );
    }
    const user = isUuid(id)
      ? await this.#store.find(this.#database, id)
      : undefined;
    if (!user) {
      throw new UnknownObjectError(
        'USER_NOT_FOUND',
        `There is no user ${id}; use "me" or the id of someone who has signed in.`,
      );
    }
    return user;
  }

  async #add(entityRef: string): Promise<User> {
    await this.#store.insert(this.#database, {
      id: this.#uuid(),
      entityRef,
      createdAt: this.#clock(),
    });
    const user = await this.#store.findByEntityRef(this.#database, entityRef);
    if (!user) {
      throw new Error(`The user ${entityRef} was added but is not there`);
    }
    return user;
  }
}
