import { Select } from '@backstage/ui';

type FilterSelectProps = {
  label: string;
  /** The word for "no filter". */
  allLabel: string;
  options: ReadonlyArray<{ value: string; label: string }>;
  /** Empty for all. */
  value: string;
  onChange: (value: string) => void;
};

/** No option has this key: values are names, which have no such letters. */
const ALL = '*';

/** Narrows a list down by one property. */
export const FilterSelect = (props: FilterSelectProps) => {
  const { label, allLabel, options, value, onChange } = props;
  return (
    <Select
      label={label}
      options={[{ value: ALL, label: allLabel }, ...options]}
      selectedKey={value || ALL}
      onSelectionChange={key => onChange(key === ALL ? '' : String(key))}
    />
  );
};
