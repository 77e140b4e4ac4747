import { useApi } from '@backstage/frontend-plugin-api';
import type {
  CreateTenantRequest,
  KubenovaApi,
  Tenant,
} from '@kubenova/plugin-kubenova-common';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { kubenovaApiRef } from '../../api';

/** A change of a tenant; what the Manager answers is shown at once. */
function useTenantChange<Input>(
  change: (api: KubenovaApi, input: Input) => Promise<Tenant>,
) {
  const api = useApi(kubenovaApiRef);
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (input: Input) => change(api, input),
    onSuccess: tenant => {
      queryClient.setQueryData(['tenants', tenant.name], tenant);
      return queryClient.invalidateQueries({
        queryKey: ['tenants'],
        exact: true,
      });
    },
  });
}

export const useCreateTenant = () =>
  useTenantChange((api, request: CreateTenantRequest) =>
    api.createTenant(request),
  );

export const useDeleteTenant = () =>
  useTenantChange((api, name: string) => api.deleteTenant(name));

type PlacementChange = { tenant: string; cluster: string };

export const useAddPlacement = () =>
  useTenantChange((api, { tenant, cluster }: PlacementChange) =>
    api.createPlacement(tenant, cluster),
  );

export const useRemovePlacement = () =>
  useTenantChange((api, { tenant, cluster }: PlacementChange) =>
    api.deletePlacement(tenant, cluster),
  );
