import { toastApiRef, useApi } from '@backstage/frontend-plugin-api';
import { Alert, Flex, Text } from '@backstage/ui';
import {
  clusterUpdatePermission,
  type ParkedEvent,
  type ParkedEventReplay,
} from '@kubenova/plugin-kubenova-common';
import { Age } from '../../../shared/Age';
import { DataTable, type DataColumn } from '../../../shared/DataTable';
import { errorSentence } from '../../../shared/errors';
import { GatedButton } from '../../../shared/GatedButton';
import { useDenialReason } from '../../../shared/rights';
import { Section } from '../../../shared/Section';
import { useText } from '../../../translation';
import { useReplayParkedEvents } from '../../hooks';

type ParkedEventTableProps = {
  cluster: string;
  events: ParkedEvent[];
  /** Whether there are more than these. */
  hasMore: boolean;
};

/** Events that could not be written, and another try for them. */
export const ParkedEventTable = (props: ParkedEventTableProps) => {
  const { cluster, events, hasMore } = props;
  const { t } = useText();
  const toasts = useApi(toastApiRef);
  const denied = useDenialReason(clusterUpdatePermission);
  const replaying = useReplayParkedEvents(cluster);
  const tell = ({ replayed, remaining }: ParkedEventReplay) =>
    toasts.post({
      title:
        remaining.length > 0
          ? t('clusters.parked.remaining', {
              n: String(remaining.length),
              name: cluster,
            })
          : t('clusters.parked.replayed', {
              n: String(replayed),
              name: cluster,
            }),
      status: remaining.length > 0 ? 'warning' : 'success',
      timeout: 6000,
    });

  return (
    <Section
      title={t('clusters.parked.title')}
      actions={
        <GatedButton
          variant="secondary"
          disabledReason={denied}
          isPending={replaying.isPending}
          onPress={() => replaying.mutate(undefined, { onSuccess: tell })}
        >
          {t('clusters.parked.replay')}
        </GatedButton>
      }
    >
      <Flex direction="column" gap="3">
        <Text color="secondary">{t('clusters.parked.meaning')}</Text>
        {replaying.error && (
          <Alert
            role="alert"
            status="danger"
            icon
            title={errorSentence(replaying.error)}
          />
        )}
        <EventTable events={events} />
        {hasMore && (
          <Text color="secondary">
            {t('clusters.parked.more', { n: String(events.length) })}
          </Text>
        )}
      </Flex>
    </Section>
  );
};

function EventTable({ events }: { events: ParkedEvent[] }) {
  const { t } = useText();
  const columns: DataColumn<ParkedEvent>[] = [
    {
      id: 'key',
      label: t('clusters.parked.key'),
      isRowHeader: true,
      render: ({ key }) => key,
    },
    {
      id: 'error',
      label: t('clusters.parked.error'),
      render: ({ code, error }) => `${code}: ${error}`,
    },
    {
      id: 'observed',
      label: t('clusters.parked.observed'),
      render: ({ observedAt }) => (observedAt ? <Age at={observedAt} /> : '—'),
    },
    {
      id: 'parked',
      label: t('clusters.parked.parked'),
      render: ({ parkedAt }) => <Age at={parkedAt} />,
    },
  ];
  return (
    <DataTable
      label={t('clusters.parked.title')}
      columns={columns}
      items={events}
      getId={event => event.id}
    />
  );
}
