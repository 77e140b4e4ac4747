import { type FormEvent, useState } from 'react';
import {
  Alert,
  Button,
  Flex,
  Tab,
  TabList,
  TabPanel,
  Tabs,
} from '@backstage/ui';
import type { Tenant } from '@kubenova/plugin-kubenova-common';
import { Section } from '../../../shared/Section';
import { toFieldErrors } from '../../../shared/errors';
import { useText } from '../../../translation';
import {
  type Draft,
  hasMoreThanForm,
  showTab,
  type Tab as DraftTab,
  withField,
  withTarget,
  withYaml,
} from './draft';
import { FormTab } from './FormTab';
import {
  type DraftErrors,
  type DraftField,
  FIELD_BY_CODE,
  hasErrors,
  problemsOf,
} from './problems';
import { TargetFields } from './TargetFields';
import { YamlTab } from './YamlTab';

type ApplicationFormProps = {
  initial: Draft;
  tenants: readonly Tenant[];
  isFixed: boolean;
  submitLabel: string;
  isPending: boolean;
  /** Why the Manager refused the last attempt. */
  refusal: Error | null;
  onChange: () => void;
  onSubmit: (draft: Draft) => void;
  onCancel: () => void;
};

/** An application as form or YAML; both keep what the other does not show. */
export const ApplicationForm = (props: ApplicationFormProps) => {
  const { tenants, isFixed, refusal, onSubmit, onCancel } = props;
  const { t } = useText();
  const [draft, setDraft] = useState(props.initial);
  const [wasSubmitted, setWasSubmitted] = useState(false);

  const problems = problemsOf(draft, t);
  const refused = toFieldErrors<DraftField>(refusal, FIELD_BY_CODE);
  const errors: DraftErrors = {
    // A YAML that can't be read is worth knowing while it is typed.
    ...(wasSubmitted ? problems : { yaml: problems.yaml }),
    ...refused,
  };
  // On the form's tab there is no YAML to which its error could be put.
  const formError =
    errors.form ?? (draft.tab === 'form' ? errors.yaml : undefined);

  const change = (next: Draft) => {
    setDraft(next);
    props.onChange();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWasSubmitted(true);
    if (!hasErrors(problems)) {
      onSubmit(draft);
    }
  };

  return (
    <form noValidate onSubmit={submit}>
      {formError && (
        <Alert role="alert" status="danger" icon mb="4" title={formError} />
      )}
      <TargetFields
        target={draft.target}
        tenants={tenants}
        isFixed={isFixed}
        errors={errors}
        onChange={target => change(withTarget(draft, target))}
      />
      <Section title={t('applications.form.what')}>
        <Tabs
          selectedKey={draft.tab}
          onSelectionChange={key => setDraft(showTab(draft, key as DraftTab))}
        >
          <TabList aria-label={t('applications.form.what')}>
            <Tab id="form" isDisabled={Boolean(problems.yaml)}>
              {t('applications.form.tabForm')}
            </Tab>
            <Tab id="yaml">{t('applications.form.tabYaml')}</Tab>
          </TabList>
          <TabPanel id="form">
            <FormTab
              fields={draft.fields}
              hasMore={hasMoreThanForm(draft)}
              errors={errors}
              onChange={(field, value) =>
                change(withField(draft, field, value))
              }
            />
          </TabPanel>
          <TabPanel id="yaml">
            <YamlTab
              yaml={draft.yaml ?? ''}
              error={errors.yaml}
              onChange={yaml => change(withYaml(draft, yaml))}
            />
          </TabPanel>
        </Tabs>
      </Section>
      <Flex gap="2">
        <Button type="submit" isPending={props.isPending}>
          {props.submitLabel}
        </Button>
        <Button variant="secondary" onPress={onCancel}>
          {t('applications.form.cancel')}
        </Button>
      </Flex>
    </form>
  );
};
