import { useState } from 'react';
import {
  Accordion,
  AccordionPanel,
  AccordionTrigger,
  Flex,
  Text,
} from '@backstage/ui';
import {
  tenantPlacePermission,
  type Application,
  type Tenant,
} from '@kubenova/plugin-kubenova-common';
import { useClusters } from '../../../clusters/hooks';
import { ConditionsTable } from '../../../shared/ConditionsTable';
import { GatedButton } from '../../../shared/GatedButton';
import { Section } from '../../../shared/Section';
import { useDenialReason } from '../../../shared/rights';
import { TryAgain } from '../../../shared/TryAgain';
import { useText } from '../../../translation';
import { PlacementsTable } from '../PlacementsTable';
import { AddPlacement } from './AddPlacement';
import { RemovePlacement } from './RemovePlacement';

type TenantPlacementsProps = {
  tenant: Tenant;
  applications: readonly Application[];
};

export const TenantPlacements = (props: TenantPlacementsProps) => {
  const { tenant, applications } = props;
  const { t } = useText();
  const [isAdding, setIsAdding] = useState(false);
  const denied = useDenialReason(tenantPlacePermission);
  const clusters = useClusters().data ?? [];

  const taken = new Set(tenant.placements.map(({ cluster }) => cluster));
  const free = clusters.filter(cluster => !taken.has(cluster.name));
  const deleting = tenant.deleting ? t('tenants.delete.already') : undefined;
  const everywhere =
    free.length === 0 ? t('tenants.placement.everywhere') : undefined;

  return (
    <Section
      title={t('tenants.detail.placements')}
      actions={
        <GatedButton
          variant="secondary"
          disabledReason={denied ?? deleting ?? everywhere}
          onPress={() => setIsAdding(true)}
        >
          {t('tenants.placement.add')}
        </GatedButton>
      }
    >
      {tenant.placements.length === 0 ? (
        <Text color="secondary">{t('tenants.detail.noPlacements')}</Text>
      ) : (
        <Flex direction="column" gap="3">
          <PlacementsTable
            label={t('tenants.detail.placements')}
            by="cluster"
            rows={tenant.placements.map(placement => ({
              tenant: tenant.name,
              placement,
            }))}
            renderActions={({ placement }) => (
              <Flex gap="2">
                <TryAgain
                  cluster={placement.cluster}
                  objectKey={`tenants/${tenant.name}`}
                  sync={placement.sync}
                />
                <RemovePlacement
                  tenant={tenant.name}
                  placement={placement}
                  applications={applications}
                />
              </Flex>
            )}
          />
          {tenant.placements.map(({ id, cluster, conditions }) => {
            const label = t('tenants.placement.conditionsIn', { cluster });
            return (
              <Accordion key={id}>
                <AccordionTrigger title={label} />
                <AccordionPanel>
                  <ConditionsTable label={label} conditions={conditions} />
                </AccordionPanel>
              </Accordion>
            );
          })}
        </Flex>
      )}
      {isAdding && (
        <AddPlacement
          tenant={tenant.name}
          clusters={free}
          onClose={() => setIsAdding(false)}
        />
      )}
    </Section>
  );
};
