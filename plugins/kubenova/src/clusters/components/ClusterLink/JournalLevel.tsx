import type { ClusterLink } from '@kubenova/plugin-kubenova-common';
import { Age } from '../../../shared/Age';
import { Status } from '../../../shared/Status';
import { useText } from '../../../translation';
import { inMib, percentOf } from '../../linkNumbers';
import styles from './JournalLevel.module.css';

type Journal = NonNullable<ClusterLink['journal']>;

/** The operator puts a condition up from here on as well (E10). */
const HIGH_PERCENT = 80;

/** What waits in the operator's journal, and how full that is. */
export const JournalLevel = ({ journal }: { journal: Journal }) => {
  const { t } = useText();
  const { bytes, budgetBytes } = journal;
  const percent = percentOf(bytes, budgetBytes);
  const isHigh = percent >= HIGH_PERCENT;
  const level = t('clusters.link.journalLevel', {
    used: inMib(bytes),
    budget: inMib(budgetBytes),
    percent: String(percent),
  });
  return (
    <>
      <Waiting journal={journal} />
      <div
        className={styles.track}
        role="meter"
        aria-label={t('clusters.link.journal')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={level}
      >
        <div
          className={styles.level}
          data-high={isHigh || undefined}
          style={{ width: `${percent}%` }}
        />
      </div>
      <div className={styles.note}>{level}</div>
      {isHigh && (
        <Status tone="warning" word={t('clusters.link.journalFull')} />
      )}
    </>
  );
};

function Waiting({ journal }: { journal: Journal }) {
  const { t } = useText();
  const { depth, oldestAt } = journal;
  const n = String(depth);
  if (depth === 0) {
    return <>{t('clusters.link.journalEmpty')}</>;
  }
  return (
    <>
      {oldestAt
        ? t('clusters.link.journalWaiting', { n, age: <Age at={oldestAt} /> })
        : t('clusters.link.waiting', { n })}
    </>
  );
}
