import { Flex, SearchField } from '@backstage/ui';
import type { Application, Health } from '@kubenova/plugin-kubenova-common';
import { FilterSelect } from '../../../shared/FilterSelect';
import { useUrlFilters } from '../../../shared/navigation';
import { useText } from '../../../translation';

const KEYS = ['tenant', 'cluster', 'health', 'q'] as const;
const HEALTHS: Health[] = ['Healthy', 'Progressing', 'Degraded', 'Unknown'];

/** The filters of the list, which live in the URL. */
export function useApplicationFilters() {
  const { values, change, clear } = useUrlFilters(KEYS);
  const matches = (application: Application) =>
    (!values.tenant || application.tenant === values.tenant) &&
    (!values.health || application.health === values.health) &&
    (!values.cluster ||
      application.deployments.some(d => d.cluster === values.cluster)) &&
    application.name.includes(values.q.trim().toLowerCase());
  return { values, change, clear, matches };
}

type ApplicationFiltersProps = {
  applications: readonly Application[];
  filters: ReturnType<typeof useApplicationFilters>;
};

export const ApplicationFilters = (props: ApplicationFiltersProps) => {
  const { applications, filters } = props;
  const { t } = useText();
  const { values, change } = filters;
  const allLabel = t('applications.filter.all');
  const options = (names: string[]) =>
    [...new Set(names)].sort().map(name => ({ value: name, label: name }));
  return (
    <Flex
      gap="3"
      mb="4"
      align="end"
      role="search"
      aria-label={t('applications.filter.label')}
    >
      <SearchField
        label={t('applications.filter.text')}
        value={values.q}
        onChange={q => change({ q })}
      />
      <FilterSelect
        label={t('applications.filter.tenant')}
        allLabel={allLabel}
        options={options(applications.map(({ tenant }) => tenant))}
        value={values.tenant}
        onChange={tenant => change({ tenant })}
      />
      <FilterSelect
        label={t('applications.filter.cluster')}
        allLabel={allLabel}
        options={options(
          applications.flatMap(a => a.deployments.map(d => d.cluster)),
        )}
        value={values.cluster}
        onChange={cluster => change({ cluster })}
      />
      <FilterSelect
        label={t('applications.filter.health')}
        allLabel={allLabel}
        options={HEALTHS.map(health => ({
          value: health,
          label: t(`health.${health}`),
        }))}
        value={values.health}
        onChange={health => change({ health })}
      />
    </Flex>
  );
};
