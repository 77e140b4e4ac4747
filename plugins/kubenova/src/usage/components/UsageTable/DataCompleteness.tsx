import { Flex, Text } from '@backstage/ui';
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
    <Flex direction="column" gap="0.5">
      {notes.slice(0, SHOWN_NOTES).map(note => (
        <Status key={note} tone="warning" word={note} />
      ))}
      {hidden > 0 && (
        <Text variant="body-small" color="secondary" title={notes.join('\n')}>
          {t('usage.table.more', { number: String(hidden) })}
        </Text>
      )}
    </Flex>
  );
};
