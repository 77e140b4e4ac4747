import { Link } from '@backstage/ui';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import {
  applicationEntityRef,
  type Application,
} from '@kubenova/plugin-kubenova-common';
import { Age } from '../../../shared/Age';
import { Facts } from '../../../shared/Facts';
import { Section } from '../../../shared/Section';
import { useLinks } from '../../../shared/navigation';
import { HealthBadge, SyncBadge } from '../../../shared/Status';
import { useText } from '../../../translation';
import { axesOf } from '../../axes';

type ApplicationOverviewProps = { application: Application };

export const ApplicationOverview = (props: ApplicationOverviewProps) => {
  const { application } = props;
  const { t } = useText();
  const links = useLinks();
  const { syncReason, healthReason, staleClusters } = axesOf(application);
  const stale = staleClusters.length > 0;
  const silence = stale
    ? t('applications.staleClusters', { clusters: staleClusters.join(', ') })
    : undefined;
  return (
    <Section title={t('applications.detail.overview')}>
      <Facts
        facts={[
          {
            label: t('applications.detail.sync'),
            value: (
              <SyncBadge
                state={application.sync}
                reason={syncReason ?? silence}
                stale={stale}
              />
            ),
          },
          {
            label: t('applications.detail.health'),
            value: (
              <HealthBadge
                state={application.health}
                reason={healthReason ?? silence}
                stale={stale}
              />
            ),
          },
          {
            label: t('applications.detail.tenant'),
            value: (
              <Link href={links.tenant(application.tenant)}>
                {application.tenant}
              </Link>
            ),
          },
          {
            label: t('applications.detail.revision'),
            value: application.revision,
          },
          {
            label: t('applications.detail.createdBy'),
            value: <EntityRefLink entityRef={application.createdBy} />,
          },
          {
            label: t('applications.detail.created'),
            value: <Age at={application.createdAt} />,
          },
          {
            label: t('applications.detail.updated'),
            value: <Age at={application.updatedAt} />,
          },
          {
            label: t('applications.detail.entity'),
            value: (
              <EntityRefLink entityRef={applicationEntityRef(application)} />
            ),
          },
        ]}
      />
    </Section>
  );
};
