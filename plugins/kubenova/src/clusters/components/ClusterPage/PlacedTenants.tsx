import { Text } from '@backstage/ui';
import type { Tenant } from '@kubenova/plugin-kubenova-common';
import type { UseQueryResult } from '@tanstack/react-query';
import { PageState } from '../../../shared/PageState';
import { Section } from '../../../shared/Section';
import { PlacementsTable } from '../../../tenants/components/PlacementsTable';
import { useText } from '../../../translation';
import { tenantsIn } from '../../tenantsIn';

type PlacedTenantsProps = {
  cluster: string;
  tenants: UseQueryResult<Tenant[]>;
};

export const PlacedTenants = ({ cluster, tenants }: PlacedTenantsProps) => {
  const { t } = useText();
  return (
    <Section title={t('clusters.detail.tenants')}>
      <PageState query={tenants}>
        {all => {
          const placed = tenantsIn(cluster, all);
          return placed.length === 0 ? (
            <Text color="secondary">{t('clusters.detail.noTenants')}</Text>
          ) : (
            <PlacementsTable
              label={t('clusters.detail.tenants')}
              by="tenant"
              rows={placed.flatMap(tenant =>
                tenant.placements
                  .filter(placement => placement.cluster === cluster)
                  .map(placement => ({ tenant: tenant.name, placement })),
              )}
            />
          );
        }}
      </PageState>
    </Section>
  );
};
