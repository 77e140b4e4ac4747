import { expect, type Page } from '@playwright/test';

/** What the harness tells about the portal; see packages/local/src/suites/e2e. */
export type PortalFacts = {
  /** Where a browser opens it. */
  url: string;
  /** Where the harness takes orders about the backends' processes. */
  controlUrl: string;
};

/** The portal under test: its sign-in, and the life of its two replicas. */
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

  /** SIGKILL for all replicas: none gets to say good-bye. Resolves when they are gone. */
  async killBackend(): Promise<void> {
    await this.#order('kill');
  }

  /** Resolves when all replicas answer again. */
  async startBackend(): Promise<void> {
    await this.#order('start');
  }

  /** Restarts one replica after the other, as a release does; resolves when both are reached through the balancer again. */
  async rollingRestart(): Promise<void> {
    await this.#order('roll');
  }

  async #order(order: 'kill' | 'start' | 'roll'): Promise<void> {
    const response = await fetch(`${this.#controlUrl}/backend/${order}`, {
      method: 'POST',
    });
    if (!response.ok) {
      throw new Error(`${order} of the backend: ${await response.text()}`);
    }
  }
}
