import { Box, Checkbox, Flex, Text } from '@backstage/ui';
import type { BehindEntry } from '@kubenova/plugin-kubenova-common';
import { Age } from '../../../shared/Age';
import { useText } from '../../../translation';
import { BehindDiff } from './BehindDiff';
import styles from './ManagerBehind.module.css';

type BehindItemProps = {
  entry: BehindEntry;
  isSelected: boolean;
  onSelect: (isSelected: boolean) => void;
};

/** One object of which the datacenter has something else. */
export const BehindItem = ({
  entry,
  isSelected,
  onSelect,
}: BehindItemProps) => {
  const { t } = useText();
  const { key, difference, operator, manager, refusal } = entry;
  return (
    <Box as="article" aria-label={key} className={styles.item} p="3">
      <Flex direction="column" gap="2">
        <Flex align="center" gap="3">
          <Checkbox
            aria-label={t('clusters.behind.select', { key })}
            isSelected={isSelected}
            onChange={onSelect}
          />
          <Text as="h4" variant="body-medium" weight="bold">
            {key}
          </Text>
          <Text color="secondary">
            {[
              t(`clusters.behind.difference.${difference}`),
              operator.deleted && t('clusters.behind.deletedThere'),
              manager?.deleted && t('clusters.behind.deletedHere'),
            ]
              .filter(Boolean)
              .join(', ')}
          </Text>
        </Flex>
        <Text color="secondary" variant="body-small">
          {t('clusters.behind.generations', {
            operator: String(operator.generation),
            manager: manager
              ? String(manager.generation)
              : t('clusters.behind.none'),
          })}
          {' · '}
          {t('clusters.behind.found')} <Age at={entry.foundAt} />
        </Text>
        {refusal && (
          <Text color="danger" variant="body-small">
            {t('clusters.behind.notAdoptable', { reason: refusal })}
          </Text>
        )}
        <BehindDiff entry={entry} />
      </Flex>
    </Box>
  );
};
