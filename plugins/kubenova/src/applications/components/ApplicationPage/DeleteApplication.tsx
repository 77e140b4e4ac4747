import type { Application } from '@kubenova/plugin-kubenova-common';
import { ConfirmByName } from '../../../shared/ConfirmByName';
import { useText } from '../../../translation';
import { useDeleteApplication } from '../../hooks';

type DeleteApplicationProps = {
  application: Application;
  onClose: () => void;
};

/** The page stays: it shows the application as deleting until it is gone. */
export const DeleteApplication = (props: DeleteApplicationProps) => {
  const { application, onClose } = props;
  const { id, name, deployments } = application;
  const { t } = useText();
  const deleteApplication = useDeleteApplication();
  return (
    <ConfirmByName
      title={t('applications.delete.title', { name })}
      name={name}
      consequences={t('applications.delete.consequences', {
        name,
        clusters: deployments.map(({ cluster }) => cluster).join(', ') || '—',
      })}
      confirmLabel={t('applications.delete.confirm')}
      isPending={deleteApplication.isPending}
      error={deleteApplication.error}
      onClose={onClose}
      onConfirm={() => deleteApplication.mutate(id, { onSuccess: onClose })}
    />
  );
};
