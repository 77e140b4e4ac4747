import { useState } from 'react';
import { toastApiRef, useApi } from '@backstage/frontend-plugin-api';
import { Alert, Checkbox, Flex } from '@backstage/ui';
import {
  clusterUpdatePermission,
  type BehindEntry,
} from '@kubenova/plugin-kubenova-common';
import { errorSentence } from '../../../shared/errors';
import { GatedButton } from '../../../shared/GatedButton';
import { useDenialReason } from '../../../shared/rights';
import { useText } from '../../../translation';
import { useDecideManagerBehind } from '../../hooks';
import { BehindItem } from './BehindItem';
import { ConfirmOverwrite } from './ConfirmOverwrite';

type BehindDecisionProps = { cluster: string; entries: BehindEntry[] };

/** The differences, and the two decisions about those that are selected: all of them at first. */
export const BehindDecision = ({ cluster, entries }: BehindDecisionProps) => {
  const { t } = useText();
  const toasts = useApi(toastApiRef);
  const denied = useDenialReason(clusterUpdatePermission);
  const deciding = useDecideManagerBehind(cluster);
  // What is left out is kept, so that what is found later is selected.
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set());
  const [isConfirming, setIsConfirming] = useState(false);
  const selected = entries.filter(({ key }) => !leftOut.has(key));
  const none =
    selected.length === 0 ? t('clusters.behind.nothingSelected') : undefined;
  const notAdoptable = selected.some(({ adoptable }) => !adoptable)
    ? t('clusters.behind.someNotAdoptable')
    : undefined;

  const select = (keys: string[], isSelected: boolean) =>
    setLeftOut(
      isSelected
        ? new Set([...leftOut].filter(key => !keys.includes(key)))
        : new Set([...leftOut, ...keys]),
    );
  const decide = (decision: 'adopt' | 'overwrite') =>
    deciding.mutate(
      { decision, keys: selected.map(({ key, etag }) => ({ key, etag })) },
      {
        onSuccess: () => {
          setIsConfirming(false);
          toasts.post({
            title: t(
              decision === 'adopt'
                ? 'clusters.behind.adopted'
                : 'clusters.behind.overwritten',
              { n: String(selected.length), name: cluster },
            ),
            status: 'success',
            timeout: 6000,
          });
        },
      },
    );

  return (
    <Flex direction="column" gap="4">
      <Flex justify="between" align="center">
        <Checkbox
          isSelected={selected.length === entries.length}
          isIndeterminate={
            selected.length > 0 && selected.length < entries.length
          }
          onChange={isSelected =>
            select(
              entries.map(({ key }) => key),
              isSelected,
            )
          }
        >
          {t('clusters.behind.selected', {
            n: String(selected.length),
            all: String(entries.length),
          })}
        </Checkbox>
        <Flex gap="2">
          <GatedButton
            variant="primary"
            isPending={deciding.isPending && !isConfirming}
            disabledReason={denied ?? none ?? notAdoptable}
            onPress={() => decide('adopt')}
          >
            {t('clusters.behind.adopt')}
          </GatedButton>
          <GatedButton
            variant="secondary"
            destructive
            disabledReason={denied ?? none}
            onPress={() => {
              deciding.reset();
              setIsConfirming(true);
            }}
          >
            {t('clusters.behind.overwrite')}
          </GatedButton>
        </Flex>
      </Flex>
      {deciding.error && !isConfirming && (
        <Alert
          role="alert"
          status="danger"
          icon
          title={errorSentence(deciding.error)}
        />
      )}
      {entries.map(entry => (
        <BehindItem
          key={entry.key}
          entry={entry}
          isSelected={!leftOut.has(entry.key)}
          onSelect={isSelected => select([entry.key], isSelected)}
        />
      ))}
      {isConfirming && (
        <ConfirmOverwrite
          cluster={cluster}
          entries={selected}
          isPending={deciding.isPending}
          error={deciding.error}
          onConfirm={() => decide('overwrite')}
          onClose={() => setIsConfirming(false)}
        />
      )}
    </Flex>
  );
};
