import { useText } from '../../../translation';
import type { Bucket } from '../../buckets';
import styles from './UsageChart.module.css';

export const HATCH_ID = 'kubenova-usage-no-data';

export const HatchPattern = () => (
  <pattern
    id={HATCH_ID}
    width="6"
    height="6"
    patternUnits="userSpaceOnUse"
    patternTransform="rotate(45)"
  >
    <line
      x1="0"
      y1="0"
      x2="0"
      y2="6"
      stroke="var(--bui-fg-secondary)"
      strokeWidth="2"
      opacity="0.45"
    />
  </pattern>
);

/** Says what the hatching means, where there is any. */
export const HatchKey = ({ buckets }: { buckets: readonly Bucket[] }) => {
  const { t } = useText();
  const hasGap = buckets.some(bucket => bucket.hasGap);
  const hasPartial = buckets.some(bucket => bucket.isPartial);
  return (
    <figcaption className={styles.key}>
      {hasGap && (
        <span>
          <span className={styles.hatched} aria-hidden />
          {t('usage.chart.noData')}
        </span>
      )}
      {hasPartial && (
        <span>
          <span className={styles.hatched} data-partial aria-hidden />
          {t('usage.chart.partial')}
        </span>
      )}
    </figcaption>
  );
};
