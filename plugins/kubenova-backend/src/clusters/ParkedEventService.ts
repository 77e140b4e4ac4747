import type { Knex } from 'knex';
import { InvalidRequestError } from '../errors';
import type { ParkedEvent, ParkedEvents } from '../link';
import { isUuid, pageOf, type Page } from '../router';
import type * as models from '../schema/openapi/generated/models';
import type { ClusterFinder } from './BehindService';

/** What people see of events that could not be written, and do about them. */
export class ParkedEventService {
  readonly #clusters: ClusterFinder;
  readonly #database: Knex;
  readonly #parkedEvents: ParkedEvents;

  constructor(options: {
    clusters: ClusterFinder;
    database: Knex;
    parkedEvents: ParkedEvents;
  }) {
    this.#clusters = options.clusters;
    this.#database = options.database;
    this.#parkedEvents = options.parkedEvents;
  }

  /** In the order in which they came. */
  async list(clusterName: string, page: Page): Promise<models.ParkedEventList> {
    const after = page.after && readPlace(page.after);
    const { id } = await this.#clusters.require(this.#database, clusterName);
    const events = await this.#parkedEvents.list(id, {
      limit: page.limit + 1,
      after,
    });
    const { items, nextCursor } = pageOf(
      events,
      page.limit,
      ({ id: place }) => [
        String(place.epoch),
        place.incarnation,
        String(place.seq),
      ],
    );
    const haltedAt = await this.#parkedEvents.haltedAt(id);
    return {
      items: items.map(toModel),
      nextCursor,
      ...(haltedAt && { haltedAt: haltedAt.toJSDate() }),
    };
  }

  /** @throws InvalidRequestError (INPUT_INVALID) where an id can't be one. */
  async replay(
    clusterName: string,
    request: models.ReplayParkedEventsRequest,
  ): Promise<models.ParkedEventReplay> {
    const only = request.ids?.map(readId);
    const cluster = await this.#clusters.require(this.#database, clusterName);
    const { replayed, remaining } = await this.#parkedEvents.replay(
      cluster,
      only,
    );
    return { replayed, remaining: remaining.map(toModel) };
  }
}

function toModel(event: ParkedEvent): models.ParkedEvent {
  const { id, key, code, error, observedAt, parkedAt } = event;
  return {
    id: `${id.incarnation}/${id.seq}`,
    key,
    code,
    error,
    ...(observedAt && { observedAt: observedAt.toJSDate() }),
    parkedAt: parkedAt.toJSDate(),
  };
}

function readId(id: string): { incarnation: string; seq: number } {
  const [incarnation, seq, ...rest] = id.split('/');
  if (!isUuid(incarnation) || !isCount(seq) || rest.length > 0) {
    throw new InvalidRequestError(
      'INPUT_INVALID',
      `'${id}' is not the id of an event; take the ids of the list.`,
    );
  }
  return { incarnation, seq: Number(seq) };
}

function readPlace([epoch, incarnation, seq]: string[]) {
  if (!isCount(epoch) || !isUuid(incarnation) || !isCount(seq)) {
    throw new InvalidRequestError(
      'CURSOR_INVALID',
      'The cursor is not one of this list; start again without one.',
    );
  }
  return { epoch: Number(epoch), incarnation, seq: Number(seq) };
}

function isCount(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,15}$/.test(text);
}
