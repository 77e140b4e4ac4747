import type { Knex } from 'knex';
import type { User } from './types';

export interface UserStore {
  find(db: Knex, id: string): Promise<User | undefined>;
  findByEntityRef(db: Knex, entityRef: string): Promise<User | undefined>;
  /** Adds a user, unless another request just did. */
  insert(db: Knex, user: User): Promise<void>;
  /** The entity references of all users. */
  entityRefs(db: Knex): Promise<string[]>;
}
