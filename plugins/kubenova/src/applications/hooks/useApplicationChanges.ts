import { useApi } from '@backstage/frontend-plugin-api';
import type {
  Application,
  CreateApplicationRequest,
  KubenovaApi,
  UpdateApplicationRequest,
} from '@kubenova/plugin-kubenova-common';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { kubenovaApiRef } from '../../api';

/** A change of an application; what the Manager answers is shown at once. */
function useApplicationChange<Input>(
  change: (api: KubenovaApi, input: Input) => Promise<Application>,
) {
  const api = useApi(kubenovaApiRef);
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (input: Input) => change(api, input),
    onSuccess: application => {
      queryClient.setQueryData(['applications', application.id], application);
      return queryClient.invalidateQueries({
        queryKey: ['applications', 'list'],
      });
    },
  });
}

export const useDeploy = () =>
  useApplicationChange((api, request: CreateApplicationRequest) =>
    api.createApplication(request),
  );

type Update = { application: Application; request: UpdateApplicationRequest };

export const useUpdateApplication = () =>
  useApplicationChange((api, { application, request }: Update) =>
    api.updateApplication(application.id, request, {
      ifMatch: application.etag,
    }),
  );

export const useDeleteApplication = () =>
  useApplicationChange((api, id: string) => api.deleteApplication(id));
