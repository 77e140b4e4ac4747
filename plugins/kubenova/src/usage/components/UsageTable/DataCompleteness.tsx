import type { UsageSeries } from '@kubenova/plugin-kubenova-common';
import { Status } from '../../../shared/Status';
import { useText } from '../../../translation';
import { gapsOf, spanOf } from '../../gaps';

type DataCompletenessProps = { series: readonly UsageSeries[] };

const SHOWN_NOTES = 3;

/** Which hours nobody saw, or saw partly: what the figures do not count. */
export const DataCompleteness = ({ series }: DataCompletenessProps) => {
  const { t } = useText();
  const notes = series.flatMap(({ cluster, hours, hoursPartlySeen }) => [
    ...gapsOf(hours).map(gap =>
      t('usage.table.noData', { span: spanOf(gap), cluster }),
    ),
    ...(hoursPartlySeen > 0
      ? [t('usage.table.partial', { hours: String(hoursPartlySeen), cluster })]
      : []),
  ]);
  if (notes.length === 0) {
    return <Status tone="positive" word={t('usage.table.complete')} />;
  }
  const hidden = notes.length - SHOWN_NOTES;
  return (
    <Status
      tone="warning"
      word={t('usage.table.incomplete')}
      reason={
        <div title={notes.join('\n')}>
          {notes.slice(0, SHOWN_NOTES).map(note => (
            <div key={note}>{note}</div>
          ))}
          {hidden > 0 && t('usage.table.more', { number: String(hidden) })}
        </div>
      }
    />
  );
};
