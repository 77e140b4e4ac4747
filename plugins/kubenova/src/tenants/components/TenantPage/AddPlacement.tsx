import { useState } from 'react';
import { Radio, RadioGroup } from '@backstage/ui';
import type { Cluster } from '@kubenova/plugin-kubenova-common';
import { FormDialog } from '../../../shared/FormDialog';
import { errorSentence } from '../../../shared/errors';
import { useText } from '../../../translation';
import { useAddPlacement } from '../../hooks';

type AddPlacementProps = {
  tenant: string;
  /** Where the tenant is not placed yet. */
  clusters: readonly Cluster[];
  onClose: () => void;
};

export const AddPlacement = (props: AddPlacementProps) => {
  const { tenant, clusters, onClose } = props;
  const { t } = useText();
  const addPlacement = useAddPlacement();
  const [cluster, setCluster] = useState(clusters[0]?.name ?? '');
  return (
    <FormDialog
      title={t('tenants.placement.addTitle', { name: tenant })}
      submitLabel={t('tenants.placement.addSubmit')}
      isPending={addPlacement.isPending}
      error={addPlacement.error ? errorSentence(addPlacement.error) : undefined}
      onSubmit={() =>
        addPlacement.mutate({ tenant, cluster }, { onSuccess: onClose })
      }
      onClose={onClose}
    >
      <RadioGroup
        label={t('tenants.placement.addField')}
        value={cluster}
        onChange={setCluster}
      >
        {clusters.map(({ name, datacenter }) => (
          <Radio key={name} value={name}>
            {`${name} (${datacenter})`}
          </Radio>
        ))}
      </RadioGroup>
    </FormDialog>
  );
};
