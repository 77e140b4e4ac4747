import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import type { User } from './types';
import type { UserStore } from './UserStore';

interface UserRow {
  id: string;
  entity_ref: string;
  created_at: Date;
}

export class DatabaseUserStore implements UserStore {
  async find(db: Knex, id: string): Promise<User | undefined> {
    const row = await db<UserRow>('users').where({ id }).first();
    return row && toUser(row);
  }

  async findByEntityRef(
    db: Knex,
    entityRef: string,
  ): Promise<User | undefined> {
    const row = await db<UserRow>('users')
      .where({ entity_ref: entityRef })
      .first();
    return row && toUser(row);
  }

  async insert(db: Knex, user: User): Promise<void> {
    await db<UserRow>('users')
      .insert({
        id: user.id,
        entity_ref: user.entityRef,
        created_at: user.createdAt.toJSDate(),
      })
      .onConflict('entity_ref')
      .ignore();
  }

  async entityRefs(db: Knex): Promise<string[]> {
    return db<UserRow>('users').orderBy('entity_ref').pluck('entity_ref');
  }
}

function toUser(row: UserRow): User {
  return {
    id: row.id,
    entityRef: row.entity_ref,
    createdAt: DateTime.fromJSDate(row.created_at, { zone: 'utc' }),
  };
}
