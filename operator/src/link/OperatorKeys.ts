/**
 * The operator's keys: the present one and, while that is being replaced, the next (S7).
 *
 * | stored        | what happened                                    | which is tried first                                 |
 * |---------------|--------------------------------------------------|------------------------------------------------------|
 * | present       | no replacement is under way                      | present                                              |
 * | present, next | next was made, and may have been announced       | next; present once the Manager has not known next    |
 * | next only     | next has opened a session: it is the present one | that one                                             |
 *
 * 1. A key is stored before anybody learns of it, and the present one is stored until the next has opened a session. So whatever is cut
 *    off, and wherever, a key that the Manager knows is there at the next start (J1).
 * 2. A next key that is stored already is announced again rather than made anew: the Manager may have written it down.
 * 3. Changes of what is stored run one after another; one that fails leaves everything as it was.
 */
import { OperatorKey } from './OperatorKey.ts';

export type StoredKeys = { present: OperatorKey; next?: OperatorKey };

/** Where the keys lie between two lives of the process. */
export interface KeyStore {
  load(): Promise<StoredKeys | undefined>;
  /** Resolves when the key is durable. Keys that are there already stay, and are returned. */
  create(present: OperatorKey): Promise<StoredKeys>;
  /** Puts these keys in the place of all that are stored: at once and durably, or not at all. */
  replace(keys: StoredKeys): Promise<void>;
}

export class OperatorKeys {
  readonly #store: KeyStore;
  #stored: StoredKeys;
  #presentFirst = false;
  #last: Promise<unknown> = Promise.resolve();

  /** The stored keys, or the first one, which is made here. */
  static async open(store: KeyStore): Promise<OperatorKeys> {
    const stored =
      (await store.load()) ?? (await store.create(OperatorKey.generate()));
    return new OperatorKeys({ store, stored });
  }

  constructor(options: { store: KeyStore; stored: StoredKeys }) {
    this.#store = options.store;
    this.#stored = options.stored;
  }

  get present(): OperatorKey {
    return this.#stored.present;
  }

  /** All keys, in the order in which they are to be tried. */
  candidates(): OperatorKey[] {
    const { present, next } = this.#stored;
    if (!next) {
      return [present];
    }
    return this.#presentFirst ? [present, next] : [next, present];
  }

  /** The next key, stored. It is tried first from now on. */
  prepareNext(): Promise<OperatorKey> {
    return this.#inTurn(async () => {
      const { present, next = OperatorKey.generate() } = this.#stored;
      if (next !== this.#stored.next) {
        await this.#replace({ present, next });
      }
      this.#presentFirst = false;
      return next;
    });
  }

  /** A session is open with this key: if it was the next one, it is the present one now. */
  opened(key: OperatorKey): Promise<void> {
    return this.#inTurn(async () => {
      if (key === this.#stored.next) {
        await this.#replace({ present: key });
      } else {
        this.#presentFirst = true;
      }
    });
  }

  async #replace(keys: StoredKeys): Promise<void> {
    await this.#store.replace(keys);
    this.#stored = keys;
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(change);
    this.#last = turn.catch(() => {});
    return turn;
  }
}
