import type { Page } from '@playwright/test';

/** Collects what a page complains about; a story that leaves any behind has failed. */
export class ConsoleErrors {
  readonly #seen: string[] = [];
  readonly #expected: RegExp[] = [];

  watch(page: Page): void {
    page.on('pageerror', error => this.#seen.push(String(error)));
    page.on('console', message => {
      if (message.type() === 'error') {
        this.#seen.push(`${message.text()} (${message.location().url})`);
      }
    });
  }

  /** Says that the story itself brings such errors about, as by killing the backend. */
  expect(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  unexpected(): string[] {
    return this.#seen.filter(
      error => !this.#expected.some(pattern => pattern.test(error)),
    );
  }
}
