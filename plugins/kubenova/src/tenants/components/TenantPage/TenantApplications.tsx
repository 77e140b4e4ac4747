import { ButtonLink, Text } from '@backstage/ui';
import type { Application, Tenant } from '@kubenova/plugin-kubenova-common';
import type { UseQueryResult } from '@tanstack/react-query';
import { ApplicationsTable } from '../../../applications/components/ApplicationsTable';
import { PageState } from '../../../shared/PageState';
import { Section } from '../../../shared/Section';
import { useLinks } from '../../../shared/navigation';
import { useText } from '../../../translation';

type TenantApplicationsProps = {
  tenant: Tenant;
  applications: UseQueryResult<Application[]>;
};

export const TenantApplications = (props: TenantApplicationsProps) => {
  const { tenant, applications } = props;
  const { t } = useText();
  const links = useLinks();
  const label = t('tenants.detail.applications');
  return (
    <Section
      title={label}
      actions={
        <ButtonLink
          variant="secondary"
          href={`${links.deploy()}?tenant=${tenant.name}`}
        >
          {t('tenants.detail.deploy')}
        </ButtonLink>
      }
    >
      <PageState query={applications}>
        {items =>
          items.length === 0 ? (
            <Text color="secondary">{t('tenants.detail.noApplications')}</Text>
          ) : (
            <ApplicationsTable label={label} applications={items} />
          )
        }
      </PageState>
    </Section>
  );
};
