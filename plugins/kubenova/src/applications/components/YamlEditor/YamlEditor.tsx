import { useMemo } from 'react';
import { useTheme } from '@mui/material/styles';
import { yaml } from '@codemirror/lang-yaml';
import CodeMirror, { EditorView } from '@uiw/react-codemirror';
import styles from './YamlEditor.module.css';

type YamlEditorProps = {
  label: string;
  value: string;
  /** Read-only without. */
  onChange?: (value: string) => void;
  /** Id of the text that says what is wrong. */
  errorId?: string;
};

export const YamlEditor = (props: YamlEditorProps) => {
  const { label, value, onChange, errorId } = props;
  const { palette } = useTheme();
  const extensions = useMemo(
    () => [
      yaml(),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({
        'aria-label': label,
        ...(errorId && {
          'aria-invalid': 'true',
          'aria-describedby': errorId,
        }),
      }),
    ],
    [label, errorId],
  );
  return (
    <CodeMirror
      className={styles.root}
      theme={palette.mode}
      extensions={extensions}
      value={value}
      onChange={onChange}
      readOnly={onChange === undefined}
      minHeight={onChange ? '260px' : undefined}
      maxHeight="520px"
    />
  );
};
