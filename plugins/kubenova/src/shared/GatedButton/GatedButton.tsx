import { useId } from 'react';
import { Button, type ButtonProps, VisuallyHidden } from '@backstage/ui';
import styles from './GatedButton.module.css';

type GatedButtonProps = Omit<ButtonProps, 'isDisabled'> & {
  /** Why the button can't be used now; usable without. */
  disabledReason?: string;
};

/**
 * A button that says why it can't be used.
 *
 * The reason is a tooltip of the wrapper, because a disabled button gets no
 * pointer events, and the button's accessible description.
 */
export const GatedButton = (props: GatedButtonProps) => {
  const { disabledReason, ...button } = props;
  const id = useId();
  return (
    <span className={styles.root} title={disabledReason}>
      <Button
        {...button}
        isDisabled={disabledReason !== undefined}
        aria-describedby={disabledReason ? id : undefined}
      />
      {disabledReason && (
        <VisuallyHidden id={id}>{disabledReason}</VisuallyHidden>
      )}
    </span>
  );
};
