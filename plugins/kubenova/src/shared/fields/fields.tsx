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

type ValidatedTextFieldProps = Omit<TextFieldProps, 'autoFocus'> &
  WithError & {
    /** Where a dialog that the user opened begins. */
    isFirstInDialog?: boolean;
  };

/** A text field whose error may come from the Manager. */
export const ValidatedTextField = (props: ValidatedTextFieldProps) => {
  const { error, isFirstInDialog, ...field } = props;
  return (
    <TextField
      {...field}
      // A dialog has to take the focus, and its first field is where it is of use.
      autoFocus={isFirstInDialog} // eslint-disable-line jsx-a11y/no-autofocus
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
