import type { KubeConnection } from './connection.ts';
import { kindOf, pathOf } from './kinds.ts';
import type { Kind } from './kinds.ts';
import { KubeApiError } from './KubeApiError.ts';
import { KubeTransport, type KubeRequest } from './KubeTransport.ts';
import { FIELD_MANAGER } from './names.ts';
import type { KubeObject, ObjectList, ObjectRef } from './objects.ts';
import { watchLines } from './watchLines.ts';
import type { WatchLine } from './watchLines.ts';

export type Selection = {
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
};

/** One page of a list: bounds what a big cluster costs in memory. */
const PAGE_SIZE = '500';

/** A write that was not sent, because another operator may hold the Lease (S1). */
export class FencedError extends Error {
  constructor() {
    super('Nothing is written: this operator does not hold the Lease.');
    this.name = 'FencedError';
  }
}

type KubeClientOptions = {
  transport: KubeTransport;
  as?: string;
  /** Asked before each write is sent. */
  mayWrite?: () => boolean;
};

/** The operator's hands: reads, server-side apply, deletion with preconditions, watches. */
export class KubeClient {
  readonly #transport: KubeTransport;
  readonly #as?: string;
  readonly #mayWrite: () => boolean;

  private constructor(options: KubeClientOptions) {
    this.#transport = options.transport;
    this.#as = options.as;
    this.#mayWrite = options.mayWrite ?? (() => true);
  }

  static create(options: { connection: KubeConnection }): KubeClient {
    return new KubeClient({ transport: new KubeTransport(options.connection) });
  }

  /** The same API server, acting as another user. */
  asUser(user: string): KubeClient {
    return new KubeClient({
      transport: this.#transport,
      as: user,
      mayWrite: this.#mayWrite,
    });
  }

  /**
   * The same API server, for whoever must not write once something is lost: each write asks at the moment at which it is sent, since a
   * process may be paused between any two instructions. What is refused rejects with a FencedError.
   */
  fenced(mayWrite: () => boolean): KubeClient {
    return new KubeClient({
      transport: this.#transport,
      as: this.#as,
      mayWrite,
    });
  }

  /** The object, or `undefined` where there is none (nor its kind). */
  async get<T extends KubeObject = KubeObject>(
    kind: Kind,
    ref: ObjectRef,
  ): Promise<T | undefined> {
    try {
      return await this.#json<T>('GET', pathOf(kind, ref));
    } catch (error) {
      if (KubeApiError.is(error, 404)) {
        return undefined;
      }
      throw error;
    }
  }

  /** All objects of a selection. @throws KubeApiError with status 404 where the kind does not exist. */
  async list<T extends KubeObject = KubeObject>(
    kind: Kind,
    selection: Selection = {},
    signal?: AbortSignal,
  ): Promise<ObjectList<T>> {
    const items: T[] = [];
    let next: string | undefined;
    let resourceVersion = '';
    do {
      const page: ListPage<T> = await this.#transport.json<ListPage<T>>({
        method: 'GET',
        path: pathOf(kind, selection),
        query: { ...selectors(selection), limit: PAGE_SIZE, continue: next },
        as: this.#as,
        signal,
      });
      // Items of a list carry neither apiVersion nor kind.
      items.push(
        ...page.items.map(item => ({
          ...item,
          apiVersion: kind.apiVersion,
          kind: kind.kind,
        })),
      );
      resourceVersion = page.metadata.resourceVersion;
      next = page.metadata.continue || undefined;
    } while (next);
    return { items, resourceVersion };
  }

  /** As `list`, but a kind that does not exist has no objects. */
  async listIfServed<T extends KubeObject = KubeObject>(
    kind: Kind,
    selection: Selection = {},
  ): Promise<T[]> {
    try {
      return (await this.list<T>(kind, selection)).items;
    } catch (error) {
      if (KubeApiError.is(error, 404)) {
        return [];
      }
      throw error;
    }
  }

  /** Server-side apply. Without force, a field of another manager is a KubeApiError with conflicts. */
  apply<T extends KubeObject = KubeObject>(
    object: KubeObject,
    options: { force: boolean; subresource?: 'status' },
  ): Promise<T> {
    const path = pathOf(kindOf(object), {
      ...object.metadata,
      subresource: options.subresource,
    });
    return this.#send<T>({
      method: 'PATCH',
      path,
      query: { fieldManager: FIELD_MANAGER, force: `${options.force}` },
      body: object,
      contentType: 'application/apply-patch+yaml',
    });
  }

  /** Makes an object. @throws KubeApiError with status 409 where it exists. */
  create<T extends KubeObject = KubeObject>(object: KubeObject): Promise<T> {
    const { namespace } = object.metadata;
    return this.#json<T>('POST', pathOf(kindOf(object), { namespace }), object);
  }

  /** Replaces an object; metadata.resourceVersion makes it a compare-and-set. */
  replace<T extends KubeObject = KubeObject>(
    object: KubeObject,
    subresource?: 'status' | 'finalize',
  ): Promise<T> {
    const path = pathOf(kindOf(object), { ...object.metadata, subresource });
    return this.#json<T>('PUT', path, object);
  }

  /** Asks for deletion, of exactly the object with that uid. One that is gone, or has been replaced, is left alone. */
  async delete(
    kind: Kind,
    ref: ObjectRef,
    options: { uid: string; propagation?: 'Background' | 'Foreground' },
  ): Promise<void> {
    try {
      await this.#json('DELETE', pathOf(kind, ref), {
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        preconditions: { uid: options.uid },
        propagationPolicy: options.propagation ?? 'Background',
      });
    } catch (error) {
      if (!KubeApiError.is(error, 404, 409)) {
        throw error;
      }
      if (error.status === 409 && !/precondition/i.test(error.message)) {
        throw error;
      }
    }
  }

  /** The API server's gitVersion. */
  async version(): Promise<string> {
    const { gitVersion } = await this.#json<{ gitVersion: string }>(
      'GET',
      '/version',
    );
    return gitVersion;
  }

  /** Changes after a resourceVersion, until the server or the signal ends it. */
  watch(
    kind: Kind,
    options: Selection & { resourceVersion: string; signal: AbortSignal },
  ): AsyncIterable<WatchLine> {
    return watchLines({
      transport: this.#transport,
      path: pathOf(kind, options),
      query: selectors(options),
      resourceVersion: options.resourceVersion,
      signal: options.signal,
    });
  }

  /** Ends the kept connections, of all users. */
  close(): void {
    this.#transport.close();
  }

  #json<T>(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<T> {
    return this.#send<T>({ method, path, body });
  }

  async #send<T>(request: Omit<KubeRequest, 'as'>): Promise<T> {
    if (request.method !== 'GET' && !this.#mayWrite()) {
      throw new FencedError();
    }
    return this.#transport.json<T>({ ...request, as: this.#as });
  }
}

type ListPage<T> = {
  metadata: { resourceVersion: string; continue?: string };
  items: T[];
};

function selectors(selection: Selection): Record<string, string | undefined> {
  return {
    labelSelector: selection.labelSelector,
    fieldSelector: selection.fieldSelector,
  };
}
