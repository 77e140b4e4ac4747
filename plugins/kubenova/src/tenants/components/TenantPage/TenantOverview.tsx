import { EntityRefLink } from '@backstage/plugin-catalog-react';
import {
  tenantGroupRef,
  tenantSystemRef,
  type Tenant,
} from '@kubenova/plugin-kubenova-common';
import { Age } from '../../../shared/Age';
import { Facts } from '../../../shared/Facts';
import { Section } from '../../../shared/Section';
import { Status } from '../../../shared/Status';
import { useText } from '../../../translation';

type TenantOverviewProps = { tenant: Tenant };

export const TenantOverview = ({ tenant }: TenantOverviewProps) => {
  const { t } = useText();
  const { name, displayName, deleting, createdAt } = tenant;
  return (
    <Section title={t('tenants.detail.overview')}>
      <Facts
        facts={[
          { label: t('tenants.detail.name'), value: name },
          { label: t('tenants.detail.displayName'), value: displayName || '—' },
          {
            label: t('tenants.detail.state'),
            value: deleting ? (
              <Status tone="progress" word={t('tenants.deleting')} />
            ) : (
              t('tenants.detail.active')
            ),
          },
          {
            label: t('tenants.detail.created'),
            value: <Age at={createdAt} />,
          },
          {
            label: t('tenants.detail.group'),
            value: <EntityRefLink entityRef={tenantGroupRef(name)} />,
          },
          {
            label: t('tenants.detail.system'),
            value: <EntityRefLink entityRef={tenantSystemRef(name)} />,
          },
        ]}
      />
    </Section>
  );
};
