import { useState } from 'react';
import { Container, Header } from '@backstage/ui';
import { tenantCreatePermission } from '@kubenova/plugin-kubenova-common';
import { RiAddLine, RiTeamLine } from '@remixicon/react';
import { DataTable } from '../../../shared/DataTable';
import { EmptyState } from '../../../shared/EmptyState';
import { GatedButton } from '../../../shared/GatedButton';
import { PageState } from '../../../shared/PageState';
import { useLinks } from '../../../shared/navigation';
import { useDenialReason } from '../../../shared/rights';
import { useText } from '../../../translation';
import { useTenants } from '../../hooks';
import { CreateTenant } from '../CreateTenant';
import { useTenantColumns } from './columns';

export const TenantList = () => {
  const { t } = useText();
  const links = useLinks();
  const tenants = useTenants();
  const columns = useTenantColumns();
  const [isCreating, setIsCreating] = useState(false);
  const denied = useDenialReason(tenantCreatePermission);

  const createButton = (
    <GatedButton
      iconStart={<RiAddLine />}
      disabledReason={denied}
      onPress={() => setIsCreating(true)}
    >
      {t('tenants.create.button')}
    </GatedButton>
  );

  return (
    <>
      <Header
        title={t('tenants.title')}
        description={t('tenants.intro')}
        customActions={tenants.data?.length ? createButton : undefined}
      />
      <Container pb="6">
        <PageState query={tenants}>
          {items =>
            items.length === 0 ? (
              <EmptyState
                icon={<RiTeamLine size={32} />}
                title={t('tenants.empty.title')}
                description={t('tenants.empty.description')}
                action={createButton}
              />
            ) : (
              <DataTable
                label={t('tenants.title')}
                columns={columns}
                items={items}
                getId={tenant => tenant.name}
                getHref={tenant => links.tenant(tenant.name)}
              />
            )
          }
        </PageState>
      </Container>
      {isCreating && <CreateTenant onClose={() => setIsCreating(false)} />}
    </>
  );
};
