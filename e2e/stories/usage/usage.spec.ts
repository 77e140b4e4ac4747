import type { UsageReport } from '@kubenova/plugin-kubenova-common';
import { takeScreenshots } from '../../support/screenshots.ts';
import { expect, test } from '../../support/test.ts';

const HOUR_MS = 3_600_000;

test('usage is shown for hours that are over, and none is made up for the others', async ({
  page,
  portal,
  api,
}) => {
  await portal.signIn(page, '/usage');
  await expect(
    page.getByRole('heading', { name: 'Usage' }).first(),
  ).toBeVisible();

  const now = Date.now();
  const query = new URLSearchParams({
    from: new Date(now - 24 * HOUR_MS).toISOString(),
    to: new Date(now).toISOString(),
  });
  const report = await api.call<UsageReport>(
    'GET',
    `/api/kubenova/usage?${query}`,
  );
  const seen =
    report.series.length > 0 ? 'Usage by tenant' : 'No usage in this range';
  await expect(page.getByText(seen).first()).toBeVisible();
  for (const { hour, minutesSeen, quantities } of hoursOf(report)) {
    expect(Date.parse(hour) + HOUR_MS).toBeLessThanOrEqual(now);
    expect(quantities === undefined).toBe(minutesSeen === 0);
  }
  await takeScreenshots(page, 'usage');
});

function hoursOf(report: UsageReport) {
  return report.series.flatMap(({ hours }) => hours);
}
