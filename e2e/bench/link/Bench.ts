import type { Platform } from '@kubenova/local/environment';
import type { Client } from 'pg';
import type { Fleet } from './Fleet.ts';
import type { Swarm } from './Swarm.ts';

/** What a measurement works with. */
export type Bench = {
  platform: Platform;
  /** A connection of the benchmark's own to the portal's database. */
  database: Client;
  databaseUrl: string;
  /** Where Postgres logs to. */
  databaseLog: string;
  fleet: Fleet;
  swarm: Swarm;
  /** The clusters whose operators have applications to tell of. */
  busy: string[];
  say(text: string): void;
  signal: AbortSignal;
};
