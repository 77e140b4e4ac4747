import { Alert, Grid } from '@backstage/ui';
import { ValidatedTextField } from '../../../shared/fields';
import { useText } from '../../../translation';
import type { FormFields } from '../../yaml';
import type { DraftErrors } from './problems';

type FormTabProps = {
  fields: FormFields;
  hasMore: boolean;
  errors: DraftErrors;
  onChange: (field: keyof FormFields, value: string) => void;
};

export const FormTab = (props: FormTabProps) => {
  const { fields, hasMore, errors, onChange } = props;
  const { t } = useText();
  const bind = (field: keyof FormFields) => ({
    label: t(`applications.form.${field}`),
    value: fields[field],
    secondaryLabel: field === 'image' ? undefined : t('optional'),
    error: errors[field],
    onChange: (value: string) => onChange(field, value.trim()),
  });
  return (
    <>
      {hasMore && (
        <Alert
          status="info"
          icon
          mb="4"
          title={t('applications.form.yamlMore')}
        />
      )}
      <Grid.Root columns={{ initial: '1', md: '2' }} gap="4">
        <Grid.Item colSpan={{ initial: '1', md: '2' }}>
          <ValidatedTextField
            {...bind('image')}
            description={t('applications.form.imageHint')}
          />
        </Grid.Item>
        <ValidatedTextField
          {...bind('port')}
          description={t('applications.form.portHint')}
          inputMode="numeric"
        />
        <ValidatedTextField
          {...bind('replicas')}
          description={t('applications.form.replicasHint')}
          inputMode="numeric"
        />
        <ValidatedTextField
          {...bind('cpu')}
          description={t('applications.form.cpuHint')}
        />
        <ValidatedTextField
          {...bind('memory')}
          description={t('applications.form.memoryHint')}
        />
      </Grid.Root>
    </>
  );
};
