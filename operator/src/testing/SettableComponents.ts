import type { Components } from '../clusters/index.ts';

/** Says what a test wants said about the cluster's components; Ready from the start. */
export class SettableComponents implements Components {
  #message?: string;
  readonly #listeners = new Set<() => void>();

  waitingFor(): string | undefined {
    return this.#message;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** From now on something is missing, or, without a message, nothing is. */
  set(message?: string): void {
    this.#message = message;
    this.#listeners.forEach(listener => listener());
  }
}
