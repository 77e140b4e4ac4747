/**
 * Keeps a copy of the objects of one kind, and tells of each change.
 *
 * Invariants:
 * 1. After `synced` the copy is what the API server had at some moment, and follows it.
 * 2. Every change of the copy is told after it was made; a listener that reads the copy never sees older state than it was told of.
 * 3. A broken watch loses nothing: the list that follows is compared with the copy, and what is missing in it is told as gone.
 * 4. A kind that is not served (its CRD is not there yet) has no objects; it is looked for again.
 */
import { sleep } from '../link/clock.ts';
import type { Clock } from '../link/clock.ts';
import { KubeApiError } from './KubeApiError.ts';
import type { KubeClient, Selection } from './KubeClient.ts';
import type { Kind } from './kinds.ts';
import { messageOf } from './logger.ts';
import type { Logger } from './logger.ts';
import { objectKey } from './objects.ts';
import type { KubeObject } from './objects.ts';

/** Told of each object that came, changed or went. */
export type InformerListener<T extends KubeObject> = (
  object: T,
  change: 'present' | 'gone',
) => void;

export type InformerOptions<T extends KubeObject> = {
  kube: KubeClient;
  kind: Kind;
  selection?: Selection;
  log: Logger;
  clock: Clock;
  /** Drops what nobody reads, to save memory. */
  trim?: (object: T) => T;
};

const NOT_SERVED_RETRY_MS = 3_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

export class Informer<T extends KubeObject = KubeObject> {
  readonly #options: InformerOptions<T>;
  readonly #objects = new Map<string, T>();
  readonly #listeners: InformerListener<T>[] = [];
  #retryMs = FIRST_RETRY_MS;
  #synced = false;

  constructor(options: InformerOptions<T>) {
    this.#options = options;
  }

  onChange(listener: InformerListener<T>): void {
    this.#listeners.push(listener);
  }

  /** Whether the copy has been filled once. */
  get synced(): boolean {
    return this.#synced;
  }

  all(): T[] {
    return [...this.#objects.values()];
  }

  /** By `namespace/name`, or by the name of cluster-scoped objects. */
  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  /** Follows the kind until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const pause = await this.#listAndWatch(signal);
      if (pause > 0) {
        await sleep(this.#options.clock, pause, signal);
      }
    }
  }

  /** One list and the watches after it; resolves to the pause before the next list. */
  async #listAndWatch(signal: AbortSignal): Promise<number> {
    const { kube, kind, selection } = this.#options;
    try {
      const list = await kube.list<T>(kind, selection, signal);
      this.#replace(list.items);
      this.#retryMs = FIRST_RETRY_MS;
      let { resourceVersion } = list;
      while (!signal.aborted) {
        const lines = kube.watch(kind, {
          ...selection,
          resourceVersion,
          signal,
        });
        for await (const { type, object } of lines) {
          resourceVersion = object.metadata.resourceVersion ?? resourceVersion;
          if (type !== 'BOOKMARK') {
            this.#set(object as T, type === 'DELETED' ? 'gone' : 'present');
          }
        }
      }
      return 0;
    } catch (error) {
      return this.#pauseAfter(error, signal);
    }
  }

  #pauseAfter(error: unknown, signal: AbortSignal): number {
    if (signal.aborted || KubeApiError.is(error, 410)) {
      return 0;
    }
    if (KubeApiError.is(error, 404)) {
      this.#replace([]);
      return NOT_SERVED_RETRY_MS;
    }
    this.#options.log.warn('watch ended, it will be opened again', {
      kind: this.#options.kind.kind,
      error: messageOf(error),
    });
    const pause = this.#retryMs;
    this.#retryMs = Math.min(pause * 2, LONGEST_RETRY_MS);
    return pause;
  }

  #replace(items: T[]): void {
    const keys = new Set(items.map(objectKey));
    const gone = this.all().filter(object => !keys.has(objectKey(object)));
    this.#synced = true;
    items.forEach(item => this.#set(item, 'present'));
    gone.forEach(object => this.#set(object, 'gone'));
  }

  #set(object: T, change: 'present' | 'gone'): void {
    const { trim } = this.#options;
    const key = objectKey(object);
    const kept = trim ? trim(object) : object;
    if (change === 'gone') {
      this.#objects.delete(key);
    } else {
      const known = this.#objects.get(key);
      this.#objects.set(key, kept);
      if (
        known?.metadata.resourceVersion === object.metadata.resourceVersion &&
        known?.metadata.uid === object.metadata.uid
      ) {
        return;
      }
    }
    this.#listeners.forEach(listener => listener(kept, change));
  }
}
