import { defineConfig } from '@playwright/test';

// What is under test is started by `./kubenova test e2e`, which also sets these.
const { KUBENOVA_CHROMIUM, KUBENOVA_E2E_REPORT } = process.env;

export default defineConfig({
  testDir: 'stories',
  // Stories share two datacenters and follow one another; each makes tenants and applications of its own.
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 60_000 },
  forbidOnly: true,
  reporter: [
    ['list'],
    ...(KUBENOVA_E2E_REPORT
      ? [['json', { outputFile: KUBENOVA_E2E_REPORT }] as const]
      : []),
  ],
  outputDir: '../.cache/e2e-results',
  use: {
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: KUBENOVA_CHROMIUM,
      args: [
        // Chromium's sandbox does not work for root.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-dev-shm-usage',
        '--disable-gpu',
      ],
    },
  },
});
