import styles from './ProgressBar.module.css';

type ProgressBarProps = {
  label: string;
  /** 0 to 100; unknown without. */
  percent?: number;
};

export const ProgressBar = ({ label, percent }: ProgressBarProps) => (
  <div
    className={styles.track}
    role="progressbar"
    aria-label={label}
    aria-valuemin={0}
    aria-valuemax={100}
    aria-valuenow={percent}
  >
    <div
      className={styles.bar}
      data-unknown={percent === undefined || undefined}
      style={percent === undefined ? undefined : { width: `${percent}%` }}
    />
  </div>
);
