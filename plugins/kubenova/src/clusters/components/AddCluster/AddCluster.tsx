import { useState } from 'react';
import { nameProblem } from '@kubenova/plugin-kubenova-common';
import { FormDialog } from '../../../shared/FormDialog';
import { toFieldErrors } from '../../../shared/errors';
import { ValidatedTextField } from '../../../shared/fields';
import { useGoTo, useLinks } from '../../../shared/navigation';
import { useText } from '../../../translation';
import { useAddCluster } from '../../hooks';

const FIELD_BY_CODE = {
  NAME_INVALID: 'name',
  NAME_RESERVED: 'name',
  NAME_TAKEN: 'name',
  NAME_BEING_DELETED: 'name',
} as const;

type AddClusterProps = { onClose: () => void };

/** Registers a datacenter, then shows its page, which tells how to join it. */
export const AddCluster = ({ onClose }: AddClusterProps) => {
  const { t } = useText();
  const links = useLinks();
  const goTo = useGoTo();
  const addCluster = useAddCluster();
  const [name, setName] = useState('');
  const [datacenter, setDatacenter] = useState('');
  const [wasSubmitted, setWasSubmitted] = useState(false);

  const problems = {
    name: nameProblem(name),
    datacenter: datacenter.trim()
      ? undefined
      : t('clusters.add.datacenterMissing'),
  };
  const refused = toFieldErrors<'name'>(addCluster.error, FIELD_BY_CODE);

  const submit = () => {
    setWasSubmitted(true);
    if (problems.name || problems.datacenter) {
      return;
    }
    addCluster.mutate(
      { name, datacenter: datacenter.trim() },
      { onSuccess: () => goTo(links.cluster(name)) },
    );
  };

  return (
    <FormDialog
      title={t('clusters.add.title')}
      submitLabel={t('clusters.add.submit')}
      isPending={addCluster.isPending}
      error={refused.form}
      onSubmit={submit}
      onClose={onClose}
    >
      <ValidatedTextField
        label={t('clusters.add.name')}
        description={t('nameHint')}
        value={name}
        onChange={value => {
          setName(value);
          addCluster.reset();
        }}
        error={refused.name ?? (wasSubmitted ? problems.name : undefined)}
        isFirstInDialog
      />
      <ValidatedTextField
        label={t('clusters.add.datacenter')}
        description={t('clusters.add.datacenterHint')}
        value={datacenter}
        onChange={setDatacenter}
        error={wasSubmitted ? problems.datacenter : undefined}
      />
    </FormDialog>
  );
};
