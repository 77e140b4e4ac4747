import { DateTime } from 'luxon';
import { Container, Header, Text } from '@backstage/ui';
import { RiBarChartGroupedLine } from '@remixicon/react';
import { useNow } from '../../../shared/clock';
import { EmptyState } from '../../../shared/EmptyState';
import { PageState } from '../../../shared/PageState';
import { Section } from '../../../shared/Section';
import { useText } from '../../../translation';
import { bucketsOf } from '../../buckets';
import { useUsage, useUsageFilters } from '../../hooks';
import { periodOf } from '../../range';
import { rowsOf } from '../../rows';
import { UsageChart } from '../UsageChart';
import { UsageFilters } from '../UsageFilters';
import { UsageTable } from '../UsageTable';

const REFRESH_MS = 60_000;
const FORMAT = 'yyyy-MM-dd HH:mm';

/** What tenants used, as a chart of one meter and a table of all. */
export const UsagePage = () => {
  const { t } = useText();
  const filters = useUsageFilters();
  const { range, meter, tenant } = filters;
  const period = periodOf(range, useNow(REFRESH_MS));
  const usage = useUsage(period, tenant);
  const size = range === '30d' ? 'day' : 'hour';
  const meterName = t(`usage.meter.${meter}`);

  return (
    <>
      <Header title={t('usage.title')} description={t('usage.intro')} />
      <Container pb="6">
        <UsageFilters filters={filters} />
        <PageState query={usage}>
          {({ series, from, to }) => {
            if (series.length === 0) {
              return (
                <EmptyState
                  icon={<RiBarChartGroupedLine size={32} />}
                  title={t('usage.empty.title')}
                  description={t('usage.empty.description')}
                />
              );
            }
            const rows = rowsOf(series);
            return (
              <>
                <Section title={t('usage.chart.title', { meter: meterName })}>
                  <UsageChart
                    summary={t('usage.chart.summary', { meter: meterName })}
                    buckets={bucketsOf(series, meter, size)}
                    tenants={rows.map(row => row.tenant)}
                  />
                </Section>
                <Section title={t('usage.table.title')}>
                  <UsageTable rows={rows} />
                  <Text as="p" variant="body-small" color="secondary">
                    {t('usage.period', {
                      from: utc(from),
                      to: utc(to),
                    })}
                  </Text>
                </Section>
              </>
            );
          }}
        </PageState>
      </Container>
    </>
  );
};

function utc(iso: string): string {
  return DateTime.fromISO(iso, { zone: 'utc' }).toFormat(FORMAT);
}
