import { useEntity } from '@backstage/plugin-catalog-react';
import { TENANT_ANNOTATION } from '@kubenova/plugin-kubenova-common';
import { useLinks } from '../shared/navigation';
import { PlacementStatus } from '../tenants/components/PlacementStatus';
import { useTenant } from '../tenants/hooks';
import { StatusCard } from './StatusCard';

export const TenantCard = () => {
  const links = useLinks();
  const { entity } = useEntity();
  const name = entity.metadata.annotations?.[TENANT_ANNOTATION] ?? '';
  return (
    <StatusCard
      query={useTenant(name)}
      href={links.tenant(name)}
      factsOf={({ placements }) =>
        placements.map(placement => ({
          label: placement.cluster,
          value: <PlacementStatus placement={placement} withReason />,
        }))
      }
    />
  );
};
