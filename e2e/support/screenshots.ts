import path from 'node:path';
import type { Page } from '@playwright/test';

const FOLDER = path.resolve(import.meta.dirname, '../../.cache/screenshots');

/** Pictures of the page as it stands, in light and dark, for people to look at: .cache/screenshots/NAME-light.png, … */
export async function takeScreenshots(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    // The portal follows the system's theme until somebody chooses one.
    await page.emulateMedia({ colorScheme });
    await page.screenshot({
      path: path.join(FOLDER, `${name}-${colorScheme}.png`),
      fullPage: true,
      animations: 'disabled',
    });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}
