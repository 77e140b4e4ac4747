/** What somebody wanted of a key: an object, or that it is gone. */
export type Wish = { uid: string; yaml?: string };

/**
 * What is known of the wishes for one key, in their order.
 *
 * 1. A wish that was answered is the last word, until another one is answered.
 * 2. A wish that nobody answered (its replica was stopped, killed or cut off) may be written now, later or never.
 * 3. A database that is restored may have any wish of the past as its last; which one, the datacenter decides (D9).
 */
export class WishLedger {
  #answered: Wish | undefined;
  #open: Wish[] = [];
  #all: Wish[] = [];

  answered(wish: Wish): void {
    this.#answered = wish;
    this.#all.push(wish);
  }

  unanswered(wish: Wish): void {
    this.#open.push(wish);
    this.#all.push(wish);
  }

  databaseRestored(): void {
    this.#open = [...this.#all];
    this.#answered = undefined;
  }

  /** Whether this may be what is wanted now; `undefined`: nothing was ever wanted. */
  mayBe(present: Wish | undefined): boolean {
    const isSame = (wish: Wish) =>
      wish.uid === present?.uid && wish.yaml === present.yaml;
    if (this.#open.some(isSame)) {
      return true;
    }
    return this.#answered
      ? isSame(this.#answered)
      : present === undefined || this.#all.length === 0;
  }

  toString(): string {
    const words = [this.#answered, ...this.#open].map(wish =>
      JSON.stringify(wish),
    );
    return words.join(' or ');
  }
}
