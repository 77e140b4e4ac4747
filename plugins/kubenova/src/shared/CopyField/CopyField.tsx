import { useEffect, useState } from 'react';
import { Button, Flex } from '@backstage/ui';
import { RiCheckLine, RiFileCopyLine } from '@remixicon/react';
import { useText } from '../../translation';
import styles from './CopyField.module.css';

type CopyFieldProps = {
  /** What the text is; names the field for screen readers. */
  label: string;
  value: string;
  /** For texts of many lines. */
  isTall?: boolean;
};

type Copied = 'no' | 'yes' | 'refused';

const CONFIRMATION_MS = 2_500;

/** A line to copy; the button itself says that it was copied. */
export const CopyField = ({ label, value, isTall }: CopyFieldProps) => {
  const { t } = useText();
  const [copied, setCopied] = useState<Copied>('no');

  useEffect(() => {
    if (copied === 'no') {
      return undefined;
    }
    const timer = setTimeout(() => setCopied('no'), CONFIRMATION_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    try {
      await window.navigator.clipboard.writeText(value);
      setCopied('yes');
    } catch {
      // No clipboard without a secure context: the text can still be selected.
      setCopied('refused');
    }
  };

  return (
    <Flex align="start" gap="2" className={styles.root}>
      {/* Focusable, so that a long line can be scrolled with the keyboard. */}
      <div
        className={styles.text}
        data-tall={isTall || undefined}
        tabIndex={0}
        role="textbox"
        aria-readonly
        aria-label={label}
      >
        {value}
      </div>
      <Button
        variant="secondary"
        iconStart={copied === 'yes' ? <RiCheckLine /> : <RiFileCopyLine />}
        onPress={copy}
        aria-label={copied === 'no' ? t('copy.button', { label }) : undefined}
      >
        {t(`copy.${copied}`)}
      </Button>
    </Flex>
  );
};
