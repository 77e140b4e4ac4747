import { useMemo } from 'react';
import { Text } from '@backstage/ui';
import type { BehindEntry } from '@kubenova/plugin-kubenova-common';
import { useText } from '../../../translation';
import { diffOf, type DiffLine } from './diffOf';
import styles from './ManagerBehind.module.css';

type BehindDiffProps = { entry: BehindEntry };

const MARKS = { datacenter: '+', portal: '−', both: ' ' } as const;

/** What adopting an object would change here, line by line. */
export const BehindDiff = ({ entry }: BehindDiffProps) => {
  const { t } = useText();
  const { key, operator, manager } = entry;
  const lines = useMemo(
    () => diffOf({ datacenter: operator.yaml, portal: manager?.yaml }),
    [operator.yaml, manager?.yaml],
  );
  if (operator.yaml === undefined && !operator.deleted) {
    return <Text color="secondary">{t('clusters.behind.notRead')}</Text>;
  }
  if (lines.every(({ side }) => side === 'both')) {
    return lines.length > 0 ? (
      <Text color="secondary">{t('clusters.behind.same')}</Text>
    ) : null;
  }
  return (
    // Scrolls, so the keyboard has to reach it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div
      role="region"
      tabIndex={0} // eslint-disable-line jsx-a11y/no-noninteractive-tabindex
      aria-label={t('clusters.behind.diffLabel', { key })}
      className={styles.diff}
    >
      {lines.map((line, index) => (
        <Line key={index} line={line} />
      ))}
    </div>
  );
};

function Line({ line }: { line: DiffLine }) {
  const { t } = useText();
  if ('unchanged' in line) {
    return (
      <div className={styles.unchanged}>
        {t('clusters.behind.unchanged', {
          n: String(line.unchanged),
        })}
      </div>
    );
  }
  const title = {
    datacenter: t('clusters.behind.datacenterOnly'),
    portal: t('clusters.behind.portalOnly'),
    both: undefined,
  }[line.side];
  return (
    <div className={styles[line.side]} title={title}>
      <span aria-label={title}>{MARKS[line.side]}</span> {line.text}
    </div>
  );
}
