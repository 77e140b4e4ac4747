import { LoggerService } from '@backstage/backend-plugin-api';
import { DateTime } from 'luxon';
import { repeat } from '../../lease/repeat';
import { ListenerIdentity, ListenerTls } from './identity';

/**
 * Has the listener show a new certificate without a restart. Sessions that are open go on; whoever dials next sees the new one.
 *
 * Files are read again each period rather than watched: what a Secret or an agent replaces by renaming folders is not told by the file
 * system in a way that works everywhere.
 */
export class CertificateReloader {
  readonly #identity: ListenerIdentity;
  readonly #show: (tls: ListenerTls) => void;
  readonly #now: () => DateTime;
  readonly #periodMs: number;
  readonly #logger: LoggerService;

  constructor(options: {
    identity: ListenerIdentity;
    show(tls: ListenerTls): void;
    now(): DateTime;
    periodMs: number;
    logger: LoggerService;
  }) {
    this.#identity = options.identity;
    this.#show = options.show;
    this.#now = options.now;
    this.#periodMs = options.periodMs;
    this.#logger = options.logger;
  }

  /** Runs until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    await repeat({
      periodMs: this.#periodMs,
      signal,
      run: async () => {
        const tls = await this.#identity.refresh(this.#now());
        if (tls) {
          this.#show(tls);
          this.#logger.info('The link shows a new certificate');
        }
      },
      failed: error =>
        this.#logger.warn(
          'The link goes on with the certificate that it has',
          error,
        ),
    });
  }
}
