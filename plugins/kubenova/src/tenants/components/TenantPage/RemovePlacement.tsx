import { useState } from 'react';
import {
  tenantPlacePermission,
  type Application,
  type Placement,
} from '@kubenova/plugin-kubenova-common';
import { ConfirmByName } from '../../../shared/ConfirmByName';
import { GatedButton } from '../../../shared/GatedButton';
import { useDenialReason } from '../../../shared/rights';
import { useText } from '../../../translation';
import { useRemovePlacement } from '../../hooks';

type RemovePlacementProps = {
  tenant: string;
  placement: Placement;
  applications: readonly Application[];
};

/** Takes a tenant out of a cluster in which it has no applications. */
export const RemovePlacement = (props: RemovePlacementProps) => {
  const { tenant, placement, applications } = props;
  const { cluster } = placement;
  const { t } = useText();
  const removePlacement = useRemovePlacement();
  const [isOpen, setIsOpen] = useState(false);
  const denied = useDenialReason(tenantPlacePermission);

  const here = applications
    .filter(({ deployments }) => deployments.some(d => d.cluster === cluster))
    .map(application => application.name);
  const hasApplications =
    here.length > 0
      ? t('tenants.placement.hasApplications', {
          applications: here.join(', '),
        })
      : undefined;
  const already =
    placement.status === 'deleting' ? t('tenants.delete.already') : undefined;
  const texts = { name: tenant, cluster };

  return (
    <>
      <GatedButton
        variant="tertiary"
        disabledReason={denied ?? already ?? hasApplications}
        aria-label={t('tenants.placement.removeLabel', texts)}
        onPress={() => setIsOpen(true)}
      >
        {t('tenants.placement.remove')}
      </GatedButton>
      {isOpen && (
        <ConfirmByName
          title={t('tenants.placement.removeTitle', texts)}
          name={tenant}
          consequences={t('tenants.placement.removeConsequences', texts)}
          confirmLabel={t('tenants.placement.removeConfirm')}
          isPending={removePlacement.isPending}
          error={removePlacement.error}
          onClose={() => setIsOpen(false)}
          onConfirm={() =>
            removePlacement.mutate(
              { tenant, cluster },
              { onSuccess: () => setIsOpen(false) },
            )
          }
        />
      )}
    </>
  );
};
