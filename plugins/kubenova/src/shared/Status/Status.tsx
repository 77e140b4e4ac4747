import type { ReactNode } from 'react';
import {
  RiCheckboxCircleFill,
  RiErrorWarningFill,
  RiLoader4Line,
  RiQuestionLine,
  RiTimeFill,
  type RemixiconComponentType,
} from '@remixicon/react';
import styles from './Status.module.css';

/** `unknown` is for what nobody knows; it never looks like success. */
export type Tone = 'positive' | 'progress' | 'warning' | 'danger' | 'unknown';

const ICONS: Record<Tone, RemixiconComponentType> = {
  positive: RiCheckboxCircleFill,
  progress: RiLoader4Line,
  warning: RiTimeFill,
  danger: RiErrorWarningFill,
  unknown: RiQuestionLine,
};

export type StatusProps = {
  tone: Tone;
  word: string;
  /** Why it is so; shown below the word. */
  reason?: ReactNode;
  /** Keeps the reason on one line, whole in its tooltip. */
  compact?: boolean;
  /** The last that is known, from a source that is silent now. */
  dimmed?: boolean;
};

/** A state as icon, word and colour, so that no one of them has to be seen. */
export const Status = (props: StatusProps) => {
  const { tone, word, reason, compact, dimmed } = props;
  const Icon = ICONS[tone];
  return (
    <div className={styles.root} data-dimmed={dimmed || undefined}>
      <span className={styles.status} data-tone={tone}>
        <Icon className={styles.icon} size={16} aria-hidden />
        <span className={styles.word}>{word}</span>
      </span>
      {reason && (
        <div
          className={styles.reason}
          data-compact={compact || undefined}
          title={compact && typeof reason === 'string' ? reason : undefined}
        >
          {reason}
        </div>
      )}
    </div>
  );
};
