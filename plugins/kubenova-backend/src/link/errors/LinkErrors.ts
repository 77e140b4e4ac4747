import { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import { Knex } from 'knex';
import { recordLinkError } from './recordLinkError';

/** What went wrong on a link. */
export interface LinkError {
  clusterId: string;
  /** A word in snake_case, such as the reason of a session's end. */
  reason: string;
  /** A sentence for people. */
  message: string;
}

/** Remembers, for people, what went wrong lately on each link. */
export interface LinkErrors {
  /** Does not throw: it is told of faults by those who are busy with them. */
  record(error: LinkError): Promise<void>;
}

const MAX_MESSAGE_LENGTH = 1_000;

export class DatabaseLinkErrors implements LinkErrors {
  readonly #db: Knex;
  readonly #logger: LoggerService;

  constructor(options: { db: Knex; logger: LoggerService }) {
    this.#db = options.db;
    this.#logger = options.logger;
  }

  async record({ clusterId, reason, message }: LinkError): Promise<void> {
    // Messages quote what operators sent: as Postgres takes it, and not longer than people read.
    const text = message.replaceAll('\0', ' ').slice(0, MAX_MESSAGE_LENGTH);
    try {
      await recordLinkError(this.#db, { clusterId, reason, message: text });
    } catch (error) {
      this.#logger.warn(
        `An error of a link could not be remembered: ${reason}: ${text}`,
        toError(error),
      );
    }
  }
}
