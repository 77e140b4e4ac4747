import type { Tenant } from '@kubenova/plugin-kubenova-common';
import { ConfirmByName } from '../../../shared/ConfirmByName';
import { useText } from '../../../translation';
import { useDeleteTenant } from '../../hooks';

type DeleteTenantProps = { tenant: Tenant; onClose: () => void };

/** The page stays: it shows the tenant as deleting until it is gone. */
export const DeleteTenant = ({ tenant, onClose }: DeleteTenantProps) => {
  const { t } = useText();
  const deleteTenant = useDeleteTenant();
  const { name, placements } = tenant;
  return (
    <ConfirmByName
      title={t('tenants.delete.title', { name })}
      name={name}
      consequences={t('tenants.delete.consequences', {
        name,
        clusters: placements.map(({ cluster }) => cluster).join(', ') || '—',
      })}
      confirmLabel={t('tenants.delete.confirm')}
      isPending={deleteTenant.isPending}
      error={deleteTenant.error}
      onClose={onClose}
      onConfirm={() => deleteTenant.mutate(name, { onSuccess: onClose })}
    />
  );
};
