import { Flex, Select, Text } from '@backstage/ui';
import type { Tenant } from '@kubenova/plugin-kubenova-common';
import { Section } from '../../../shared/Section';
import {
  ValidatedCheckboxes,
  ValidatedTextField,
} from '../../../shared/fields';
import { useText } from '../../../translation';
import type { Target } from './draft';
import type { DraftErrors } from './problems';

type TargetFieldsProps = {
  target: Target;
  tenants: readonly Tenant[];
  /** An application keeps its tenant and name. */
  isFixed: boolean;
  errors: DraftErrors;
  onChange: (change: Partial<Target>) => void;
};

/** For whom, under which name, and where. */
export const TargetFields = (props: TargetFieldsProps) => {
  const { target, tenants, isFixed, errors, onChange } = props;
  const { t } = useText();
  const tenant = tenants.find(({ name }) => name === target.tenant);
  const placements = tenant?.placements ?? [];

  const clustersHint = () => {
    if (!target.tenant) {
      return t('applications.form.chooseTenant');
    }
    return placements.length
      ? t('applications.form.clustersHint')
      : t('applications.form.noPlacements');
  };

  return (
    <Section title={t('applications.form.target')}>
      <Flex direction="column" gap="4">
        <div>
          <Select
            label={t('applications.form.tenant')}
            description={
              tenants.length ? undefined : t('applications.form.noTenants')
            }
            options={tenants.map(({ name, displayName }) => ({
              value: name,
              label:
                displayName && displayName !== name
                  ? `${name} (${displayName})`
                  : name,
            }))}
            selectedKey={target.tenant || null}
            onSelectionChange={key =>
              onChange({ tenant: String(key ?? ''), clusters: [] })
            }
            isDisabled={isFixed}
            isInvalid={Boolean(errors.tenant)}
          />
          {errors.tenant && (
            <Text as="p" variant="body-small" color="danger" role="alert">
              {errors.tenant}
            </Text>
          )}
        </div>
        <ValidatedTextField
          label={t('applications.form.name')}
          description={t('nameHint')}
          value={target.name}
          onChange={name => onChange({ name })}
          isDisabled={isFixed}
          error={errors.name}
        />
        <ValidatedCheckboxes
          label={t('applications.form.clusters')}
          description={clustersHint()}
          value={target.clusters}
          onChange={clusters => onChange({ clusters })}
          options={placements.map(({ cluster, status }) => ({
            value: cluster,
            label: cluster,
            disabled: status === 'deleting',
          }))}
          orientation="horizontal"
          error={errors.clusters}
        />
      </Flex>
    </Section>
  );
};
