import type { SignalApi } from '@backstage/plugin-signals-react';
import {
  CHANGES_CHANNEL,
  type ChangesSignal,
} from '@kubenova/plugin-kubenova-common';

type Listener = (message: ChangesSignal) => void;

/** Signals that a test sends itself. */
export class FakeSignals implements SignalApi {
  readonly #listeners = new Set<Listener>();

  subscribe(channel: string, onMessage: unknown) {
    const listener = onMessage as Listener;
    if (channel === CHANGES_CHANNEL) {
      this.#listeners.add(listener);
    }
    return { unsubscribe: () => this.#listeners.delete(listener) };
  }

  /** Says that these changed. */
  send(...keys: string[]): void {
    this.#listeners.forEach(listener => listener({ keys }));
  }
}
