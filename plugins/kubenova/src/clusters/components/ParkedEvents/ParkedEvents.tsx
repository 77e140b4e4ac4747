import { Alert } from '@backstage/ui';
import type { Cluster } from '@kubenova/plugin-kubenova-common';
import { Age } from '../../../shared/Age';
import { useText } from '../../../translation';
import { useParkedEvents } from '../../hooks';
import { ParkedEventTable } from './ParkedEventTable';

type ParkedEventsProps = { cluster: Cluster };

/**
 * What the operator of a datacenter told and the portal could not write;
 * nothing where it could write everything.
 */
export const ParkedEvents = ({ cluster }: ParkedEventsProps) => {
  const { t } = useText();
  const { data } = useParkedEvents(cluster.name);
  if (!data) {
    return null;
  }
  return (
    <>
      {data.haltedAt && (
        <Alert
          role="alert"
          status="danger"
          icon
          mb="4"
          title={t('clusters.parked.halted', { name: cluster.name })}
          description={
            <>
              {t('clusters.parked.haltedMeaning')} <Age at={data.haltedAt} />
            </>
          }
        />
      )}
      {data.items.length > 0 && (
        <ParkedEventTable
          cluster={cluster.name}
          events={data.items}
          hasMore={data.nextCursor !== undefined}
        />
      )}
    </>
  );
};
