import { useState } from 'react';
import { nameProblem } from '@kubenova/plugin-kubenova-common';
import { useClusters } from '../../../clusters/hooks';
import { FormDialog } from '../../../shared/FormDialog';
import { toFieldErrors } from '../../../shared/errors';
import {
  ValidatedCheckboxes,
  ValidatedTextField,
} from '../../../shared/fields';
import { useGoTo, useLinks } from '../../../shared/navigation';
import { useText } from '../../../translation';
import { useCreateTenant } from '../../hooks';

const FIELD_BY_CODE = {
  NAME_INVALID: 'name',
  NAME_RESERVED: 'name',
  NAME_TAKEN: 'name',
  NAME_BEING_DELETED: 'name',
  CLUSTER_NOT_FOUND: 'clusters',
} as const;

type CreateTenantProps = { onClose: () => void };

export const CreateTenant = ({ onClose }: CreateTenantProps) => {
  const { t } = useText();
  const links = useLinks();
  const goTo = useGoTo();
  const createTenant = useCreateTenant();
  const allClusters = useClusters().data ?? [];
  const [name, setName] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [clusters, setClusters] = useState<string[]>([]);
  const [wasSubmitted, setWasSubmitted] = useState(false);

  const problems = {
    name: nameProblem(name),
    clusters: clusters.length ? undefined : t('tenants.create.clustersMissing'),
  };
  const refused = toFieldErrors<'name' | 'clusters'>(
    createTenant.error,
    FIELD_BY_CODE,
  );

  const submit = () => {
    setWasSubmitted(true);
    if (problems.name || problems.clusters) {
      return;
    }
    createTenant.mutate(
      { name, displayName: displayName.trim() || undefined, clusters },
      { onSuccess: () => goTo(links.tenant(name)) },
    );
  };

  return (
    <FormDialog
      title={t('tenants.create.title')}
      submitLabel={t('tenants.create.submit')}
      isPending={createTenant.isPending}
      error={refused.form}
      onSubmit={submit}
      onClose={onClose}
    >
      <ValidatedTextField
        label={t('tenants.create.name')}
        description={t('nameHint')}
        value={name}
        onChange={value => {
          setName(value);
          createTenant.reset();
        }}
        error={refused.name ?? (wasSubmitted ? problems.name : undefined)}
        isFirstInDialog
      />
      <ValidatedTextField
        label={t('tenants.create.displayName')}
        secondaryLabel={t('optional')}
        description={t('tenants.create.displayNameHint')}
        value={displayName}
        onChange={setDisplayName}
      />
      <ValidatedCheckboxes
        label={t('tenants.create.clusters')}
        description={
          allClusters.length
            ? t('tenants.create.clustersHint')
            : t('tenants.create.noClusters')
        }
        value={clusters}
        onChange={value => {
          setClusters(value);
          createTenant.reset();
        }}
        options={allClusters.map(cluster => ({
          value: cluster.name,
          label: `${cluster.name} (${cluster.datacenter})`,
        }))}
        error={
          refused.clusters ?? (wasSubmitted ? problems.clusters : undefined)
        }
      />
    </FormDialog>
  );
};
