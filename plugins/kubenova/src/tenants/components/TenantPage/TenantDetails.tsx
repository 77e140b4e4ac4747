import { useState } from 'react';
import { Container, Header } from '@backstage/ui';
import {
  tenantDeletePermission,
  type Tenant,
} from '@kubenova/plugin-kubenova-common';
import { useApplications } from '../../../applications/hooks';
import { GatedButton } from '../../../shared/GatedButton';
import { useDenialReason } from '../../../shared/rights';
import { useText } from '../../../translation';
import { DeleteTenant } from './DeleteTenant';
import { TenantApplications } from './TenantApplications';
import { TenantOverview } from './TenantOverview';
import { TenantPlacements } from './TenantPlacements';

type TenantDetailsProps = { tenant: Tenant };

export const TenantDetails = ({ tenant }: TenantDetailsProps) => {
  const { t } = useText();
  const applications = useApplications({ tenant: tenant.name });
  const [isDeleting, setIsDeleting] = useState(false);
  const denied = useDenialReason(tenantDeletePermission);

  const names = applications.data?.map(application => application.name) ?? [];
  const notEmpty =
    names.length > 0
      ? t('tenants.delete.notEmpty', { applications: names.join(', ') })
      : undefined;
  const already = tenant.deleting ? t('tenants.delete.already') : undefined;

  return (
    <>
      <Header
        title={tenant.displayName || tenant.name}
        customActions={
          <GatedButton
            variant="secondary"
            destructive
            disabledReason={denied ?? already ?? notEmpty}
            onPress={() => setIsDeleting(true)}
          >
            {t('tenants.delete.button')}
          </GatedButton>
        }
      />
      <Container pb="6">
        <TenantOverview tenant={tenant} />
        <TenantPlacements
          tenant={tenant}
          applications={applications.data ?? []}
        />
        <TenantApplications tenant={tenant} applications={applications} />
      </Container>
      {isDeleting && (
        <DeleteTenant tenant={tenant} onClose={() => setIsDeleting(false)} />
      )}
    </>
  );
};
