import type { DateTime } from 'luxon';

/** Someone who has used the API. */
export interface User {
  id: string;
  /** Who it is in Backstage, e.g. `user:default/ada`. */
  entityRef: string;
  createdAt: DateTime;
}

/** Who makes a request. */
export type Actor =
  | { type: 'user'; user: User; ref: string }
  | {
      type: 'service';
      /** A plugin of the portal or an external service, e.g. `plugin:catalog`. */
      ref: string;
    };

/** Knows everyone who makes requests. */
export interface UserDirectory {
  /** The actor behind an entity reference, whose row is made at the first request. */
  actorOf(entityRef: string): Promise<Actor>;
}
