import path from 'node:path';
import { expect, type Page } from '@playwright/test';

const FOLDER = path.resolve(import.meta.dirname, '../../.cache/screenshots');

/**
 * Pictures for people to look at: .cache/screenshots/NAME-light.png of the page as it stands, and NAME-dark.png of the same
 * address in a second window. (Another theme mounts the pages anew, which would empty a form that a story has filled.)
 */
export async function takeScreenshots(page: Page, name: string): Promise<void> {
  await take(page, `${name}-light`);
  const dark = await page.context().newPage();
  try {
    await dark.emulateMedia({ colorScheme: 'dark' });
    await dark.goto(page.url());
    await expect(dark.getByRole('heading').first()).toBeVisible();
    const loading = dark.locator('.bui-Skeleton, [data-testid=progress]');
    await expect(loading).toHaveCount(0);
    await take(dark, `${name}-dark`);
  } finally {
    await dark.close();
  }
}

async function take(page: Page, name: string): Promise<void> {
  await page.screenshot({
    path: path.join(FOLDER, `${name}.png`),
    fullPage: true,
    animations: 'disabled',
  });
}
