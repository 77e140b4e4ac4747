import type { LoggerService } from '@backstage/backend-plugin-api';
import type { EventsService } from '@backstage/plugin-events-node';
import type { SignalsService } from '@backstage/plugin-signals-node';
import {
  CHANGES_CHANNEL,
  type ChangesSignal,
} from '@kubenova/plugin-kubenova-common';
import {
  KUBENOVA_CHANGED_TOPIC,
  type KubenovaChangedPayload,
} from '@kubenova/plugin-kubenova-node';
import type { ChangedRef, ChangeNotifier } from '../link/types';

const WINDOW_MS = 500;

/**
 * Tells pages (by signals) and other backend plugins (by events) what changed.
 *
 * The first change goes out at once and opens a window of 500 ms; what changes within it goes out together at its end, which opens the
 * next one. So a key is told at most once a window, and a lone change without delay. What is told is lost if the process
 * ends: pages and catalog read again now and then.
 */
export class SignalChangeNotifier implements ChangeNotifier {
  readonly #events: EventsService;
  readonly #logger: LoggerService;
  readonly #recipients: () => Promise<string[]>;
  readonly #signals: SignalsService;
  readonly #waiting = new Map<string, ChangedRef>();
  #window: NodeJS.Timeout | undefined;
  #sending: Promise<void> = Promise.resolve();

  constructor(options: {
    events: EventsService;
    logger: LoggerService;
    /** Entity references of those who get signals: channels have no authorisation, so nothing is broadcast. */
    recipients: () => Promise<string[]>;
    signals: SignalsService;
  }) {
    this.#events = options.events;
    this.#logger = options.logger;
    this.#recipients = options.recipients;
    this.#signals = options.signals;
  }

  changed(refs: readonly ChangedRef[]): void {
    for (const ref of refs) {
      this.#waiting.set(keyOf(ref), ref);
    }
    if (!this.#window) {
      this.#flush();
    }
  }

  /** Sends what waits and returns when it is sent. */
  async stop(): Promise<void> {
    clearTimeout(this.#window);
    this.#flush();
    clearTimeout(this.#window);
    await this.#sending;
  }

  #flush(): void {
    this.#window = undefined;
    if (this.#waiting.size === 0) {
      return;
    }
    const changes = new Map(this.#waiting);
    this.#waiting.clear();
    this.#sending = this.#sending.then(() => this.#send(changes));
    this.#window = setTimeout(() => this.#flush(), WINDOW_MS);
    this.#window.unref();
  }

  async #send(changes: Map<string, ChangedRef>): Promise<void> {
    try {
      const payload: KubenovaChangedPayload = { refs: [...changes.values()] };
      const message: ChangesSignal = { keys: [...changes.keys()] };
      const entityRef = await this.#recipients();
      await Promise.all([
        this.#events.publish({
          topic: KUBENOVA_CHANGED_TOPIC,
          eventPayload: payload,
        }),
        entityRef.length > 0 &&
          this.#signals.publish({
            channel: CHANGES_CHANNEL,
            recipients: { type: 'user', entityRef },
            message,
          }),
      ]);
    } catch (error) {
      this.#logger.warn('Could not tell what changed; it will be read later', {
        error: String(error),
      });
    }
  }
}

function keyOf(ref: ChangedRef): string {
  switch (ref.kind) {
    case 'cluster':
      return `clusters/${ref.name}`;
    case 'tenant':
      return `tenants/${ref.name}`;
    case 'application':
      return `applications/${ref.id}`;
    case 'usage':
      return `usage/${ref.tenant}`;
    default:
      throw new Error(`Unknown kind of change: ${ref satisfies never}`);
  }
}
