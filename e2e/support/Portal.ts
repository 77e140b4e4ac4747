import { expect, type Page } from '@playwright/test';

/** What the harness tells about the portal; see packages/local/src/suites/e2e. */
export type PortalFacts = {
  /** Where a browser opens it. */
  url: string;
  /** Where the harness takes orders about the backend's process. */
  controlUrl: string;
};

/** The portal under test: its sign-in, and the life of its backend's process. */
export class Portal {
  readonly url: string;
  readonly #controlUrl: string;

  constructor(facts: PortalFacts) {
    this.url = facts.url;
    this.#controlUrl = facts.controlUrl;
  }

  /** Opens a page of the portal as a guest, through the sign-in page when it shows. */
  async signIn(page: Page, path = '/datacenters'): Promise<void> {
    await page.goto(this.url + path);
    const enter = page.getByRole('button', { name: 'Enter' });
    // Backstage's navigation element itself has no height: its children are fixed.
    const home = page.getByRole('link', { name: 'KubeNova home' });
    await expect(enter.or(home).first()).toBeVisible();
    if (await enter.isVisible()) {
      await enter.click();
    }
    await expect(home).toBeVisible();
  }

  /** SIGKILL: nothing in the backend gets to say good-bye. Resolves when it is gone. */
  async killBackend(): Promise<void> {
    await this.#order('kill');
  }

  /** Resolves when the backend answers again. */
  async startBackend(): Promise<void> {
    await this.#order('start');
  }

  async #order(order: 'kill' | 'start'): Promise<void> {
    const response = await fetch(`${this.#controlUrl}/backend/${order}`, {
      method: 'POST',
    });
    if (!response.ok) {
      throw new Error(`${order} of the backend: ${await response.text()}`);
    }
  }
}
