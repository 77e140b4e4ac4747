import type { ReactNode } from 'react';
import styles from './Facts.module.css';

type FactsProps = {
  facts: ReadonlyArray<{ label: string; value: ReactNode }>;
};

/** Labels and values of one object, as a description list. */
export const Facts = ({ facts }: FactsProps) => (
  <dl className={styles.root}>
    {facts.map(({ label, value }) => (
      <div key={label} className={styles.fact}>
        <dt className={styles.label}>{label}</dt>
        <dd className={styles.value}>{value}</dd>
      </div>
    ))}
  </dl>
);
