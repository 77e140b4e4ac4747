import { useId } from 'react';
import { Flex, Text } from '@backstage/ui';
import { useText } from '../../../translation';
import { YamlEditor } from '../YamlEditor';

type YamlTabProps = {
  yaml: string;
  error?: string;
  onChange: (yaml: string) => void;
};

export const YamlTab = ({ yaml, error, onChange }: YamlTabProps) => {
  const { t } = useText();
  const errorId = useId();
  return (
    <Flex direction="column" gap="2">
      {error && (
        <Text as="p" color="danger" role="alert" id={errorId}>
          {error}
        </Text>
      )}
      <YamlEditor
        label={t('applications.form.yamlLabel')}
        value={yaml}
        onChange={onChange}
        errorId={error && errorId}
      />
    </Flex>
  );
};
