import {
  Checkbox,
  CheckboxGroup,
  type CheckboxGroupProps,
  TextField,
  type TextFieldProps,
} from '@backstage/ui';

type WithError = {
  /** Shown at the field. */
  error?: string;
};

/** A text field whose error may come from the Manager. */
export const ValidatedTextField = (props: TextFieldProps & WithError) => {
  const { error, ...field } = props;
  return (
    <TextField
      {...field}
      validationBehavior="aria"
      validate={() => error ?? null}
    />
  );
};

type CheckboxesProps = Omit<CheckboxGroupProps, 'children'> &
  WithError & {
    options: ReadonlyArray<{
      value: string;
      label: string;
      disabled?: boolean;
    }>;
  };

/** A choice of several, with an error of its own. */
export const ValidatedCheckboxes = (props: CheckboxesProps) => {
  const { error, options, ...group } = props;
  return (
    <CheckboxGroup
      {...group}
      validationBehavior="aria"
      validate={() => error ?? null}
    >
      {options.map(({ value, label, disabled }) => (
        <Checkbox key={value} value={value} isDisabled={disabled}>
          {label}
        </Checkbox>
      ))}
    </CheckboxGroup>
  );
};
