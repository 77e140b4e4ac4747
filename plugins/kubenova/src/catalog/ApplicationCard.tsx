import { useEntity } from '@backstage/plugin-catalog-react';
import { APPLICATION_ID_ANNOTATION } from '@kubenova/plugin-kubenova-common';
import { axesOf } from '../applications/axes';
import { useApplication } from '../applications/hooks';
import { useLinks } from '../shared/navigation';
import { HealthBadge, SyncBadge } from '../shared/Status';
import { useText } from '../translation';
import { StatusCard } from './StatusCard';

export const ApplicationCard = () => {
  const { t } = useText();
  const links = useLinks();
  const { entity } = useEntity();
  const id = entity.metadata.annotations?.[APPLICATION_ID_ANNOTATION] ?? '';
  return (
    <StatusCard
      query={useApplication(id)}
      href={links.application(id)}
      factsOf={application => {
        const { syncReason, healthReason, staleClusters } = axesOf(application);
        const stale = staleClusters.length > 0;
        return [
          {
            label: t('applications.column.sync'),
            value: (
              <SyncBadge
                state={application.sync}
                reason={syncReason}
                stale={stale}
              />
            ),
          },
          {
            label: t('applications.column.health'),
            value: (
              <HealthBadge
                state={application.health}
                reason={healthReason}
                stale={stale}
              />
            ),
          },
        ];
      }}
    />
  );
};
