/**
 * Decides when a key has to be bound to the join token, and which (S7).
 *
 * 1. A key that is not known to be bound is enrolled before the first session. If that is refused, a session is tried all the same: the
 *    key may have been bound in an earlier life of the journal, with a token that is used up by now.
 * 2. A bound key that the Manager refuses was replaced or revoked, and never becomes good again. Where people have joined the cluster anew,
 *    there is another join token than the one that was used: then a new key is made, stored beside the present one, and enrolled.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { enroll, type EnrollOutcome } from './enroll.ts';
import type { Identity } from './handshake.ts';
import type { Journal } from './journal/Journal.ts';
import type { OperatorKey } from './OperatorKey.ts';
import type { OperatorKeys } from './OperatorKeys.ts';
import type { AttemptOutcome } from './outcome.ts';
import type { ManagerAddress } from './transport.ts';

export type EnrolmentOptions = {
  journal: Pick<Journal, 'enrolledKey' | 'enrolledToken'>;
  keys: OperatorKeys;
  manager: ManagerAddress;
  identity: Identity;
  joinTokenFile: string;
};

export class Enrolment {
  readonly #options: EnrolmentOptions;
  #keyRefused = false;
  /** The last join token that the Manager refused: it is not asked again and again with it. */
  #refusedToken: string | undefined;

  constructor(options: EnrolmentOptions) {
    this.#options = options;
  }

  /** Enrols, where there is something to enrol. */
  async run(signal: AbortSignal): Promise<EnrollOutcome | undefined> {
    const { journal, keys } = this.#options;
    const bound = keys
      .candidates()
      .some(key => key.fingerprint() === journal.enrolledKey);
    if (!bound) {
      return this.#enroll(keys.present, await this.#joinToken(), signal);
    }
    if (!(await this.joinedAnew())) {
      return undefined;
    }
    const joinToken = await this.#joinToken();
    return this.#enroll(await keys.prepareNext(), joinToken, signal);
  }

  /** Whether the bound key is refused, and there is a join token that was not tried yet. */
  async joinedAnew(): Promise<boolean> {
    if (!this.#keyRefused) {
      return false;
    }
    const joinToken = await this.#joinToken();
    return (
      joinToken !== '' &&
      joinToken !== this.#refusedToken &&
      hashOf(joinToken) !== this.#options.journal.enrolledToken
    );
  }

  /** A session is open with this key. */
  async opened(key: OperatorKey): Promise<void> {
    const { journal, keys } = this.#options;
    this.#keyRefused = false;
    if (journal.enrolledKey !== key.fingerprint()) {
      journal.enrolledKey = key.fingerprint();
    }
    await keys.opened(key);
  }

  /** How an attempt with the last of the keys ended. */
  ended(outcome: AttemptOutcome): void {
    if (outcome.kind === 'refused') {
      this.#keyRefused = ['Unauthenticated', 'PermissionDenied'].includes(
        outcome.reason,
      );
    }
  }

  async #enroll(
    key: OperatorKey,
    joinToken: string,
    signal: AbortSignal,
  ): Promise<EnrollOutcome> {
    const { journal, keys, joinTokenFile } = this.#options;
    if (!joinToken) {
      return {
        kind: 'refused',
        reason: 'NoJoinToken',
        message: `The file ${joinTokenFile} is missing or empty: it comes from the Secret kubenova-join. Apply the join manifest again.`,
      };
    }
    const outcome = await enroll({ ...this.#options, key, joinToken, signal });
    if (outcome.kind === 'enrolled') {
      journal.enrolledToken = hashOf(joinToken);
      journal.enrolledKey = key.fingerprint();
      await keys.opened(key);
    } else if (outcome.kind === 'refused') {
      this.#refusedToken = joinToken;
    }
    return outcome;
  }

  async #joinToken(): Promise<string> {
    try {
      return (await readFile(this.#options.joinTokenFile, 'utf8')).trim();
    } catch {
      // As good as an empty one, which is what people are told of.
      return '';
    }
  }
}

function hashOf(joinToken: string): string {
  return createHash('sha256').update(joinToken).digest('hex');
}
