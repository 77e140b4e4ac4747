import { Flex, Select } from '@backstage/ui';
import { FilterSelect } from '../../../shared/FilterSelect';
import { useTenants } from '../../../tenants/hooks';
import { useText } from '../../../translation';
import type { useUsageFilters } from '../../hooks';
import { METERS } from '../../meters';
import { RANGES } from '../../range';

type UsageFiltersProps = { filters: ReturnType<typeof useUsageFilters> };

export const UsageFilters = ({ filters }: UsageFiltersProps) => {
  const { t } = useText();
  const tenants = useTenants().data ?? [];
  const { range, tenant, meter, change } = filters;
  return (
    <Flex
      gap="3"
      mb="4"
      align="end"
      role="search"
      aria-label={t('usage.filter.label')}
    >
      <Select
        label={t('usage.filter.range')}
        options={RANGES.map(value => ({
          value,
          label: t(`usage.filter.last${value}`),
        }))}
        selectedKey={range}
        onSelectionChange={key => change({ range: String(key) })}
      />
      <FilterSelect
        label={t('usage.filter.tenant')}
        allLabel={t('usage.filter.allTenants')}
        options={tenants.map(({ name }) => ({ value: name, label: name }))}
        value={tenant}
        onChange={value => change({ tenant: value })}
      />
      <Select
        label={t('usage.filter.meter')}
        options={METERS.map(value => ({
          value,
          label: t(`usage.meter.${value}`),
        }))}
        selectedKey={meter}
        onSelectionChange={key => change({ meter: String(key) })}
      />
    </Flex>
  );
};
