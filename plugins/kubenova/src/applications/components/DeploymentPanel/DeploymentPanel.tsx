import { Alert, Flex, Link } from '@backstage/ui';
import type { Deployment } from '@kubenova/plugin-kubenova-common';
import { Age } from '../../../shared/Age';
import { ConditionsTable } from '../../../shared/ConditionsTable';
import { Facts } from '../../../shared/Facts';
import { Section } from '../../../shared/Section';
import { useLinks } from '../../../shared/navigation';
import { HealthBadge, SyncBadge } from '../../../shared/Status';
import { TryAgain } from '../../../shared/TryAgain';
import { useText } from '../../../translation';
import { DeploymentDetail } from './DeploymentDetail';
import { ComponentsTable, StepsTable } from './tables';

type DeploymentPanelProps = {
  application: { tenant: string; name: string };
  deployment: Deployment;
};

/** An application in one datacenter. */
export const DeploymentPanel = (props: DeploymentPanelProps) => {
  const { application, deployment } = props;
  const { t } = useText();
  const links = useLinks();
  const { cluster, sync, stale, lastSyncedAt } = deployment;
  return (
    <Section
      title={t('applications.detail.deploymentIn', { cluster })}
      actions={
        <Flex align="center" gap="3">
          <TryAgain
            cluster={cluster}
            objectKey={`applications/${application.tenant}/${application.name}`}
            sync={sync}
          />
          <Link href={links.cluster(cluster)}>
            {t('applications.detail.openCluster')}
          </Link>
        </Flex>
      }
    >
      <Flex direction="column" gap="4">
        {stale && (
          <Alert
            status="warning"
            icon
            title={t('applications.detail.stale', { cluster })}
          />
        )}
        <Facts
          facts={[
            {
              label: t('applications.detail.sync'),
              value: (
                <SyncBadge
                  state={sync.state}
                  reason={sync.message}
                  stale={stale}
                />
              ),
            },
            {
              label: t('applications.detail.health'),
              value: (
                <HealthBadge
                  state={deployment.health}
                  reason={deployment.healthMessage}
                  stale={stale}
                />
              ),
            },
            {
              label: t('applications.detail.lastSynced'),
              value: lastSyncedAt ? (
                <Age at={lastSyncedAt} />
              ) : (
                t('stale.never')
              ),
            },
            {
              label: t('applications.detail.revision'),
              value: deployment.revision,
            },
            {
              label: t('applications.detail.generation'),
              value: t('applications.detail.generationValue', {
                applied: String(sync.appliedGeneration ?? '—'),
                desired: String(sync.desiredGeneration),
              }),
            },
            {
              label: t('applications.detail.phase'),
              value: deployment.phase ?? '—',
            },
          ]}
        />
        <DeploymentDetail title={t('applications.detail.components')} isOpen>
          <ComponentsTable deployment={deployment} />
        </DeploymentDetail>
        {deployment.steps.length > 0 && (
          <DeploymentDetail title={t('applications.detail.steps')}>
            <StepsTable deployment={deployment} />
          </DeploymentDetail>
        )}
        <DeploymentDetail title={t('conditions.title')}>
          <ConditionsTable
            label={t('applications.detail.conditionsIn', { cluster })}
            conditions={deployment.conditions}
          />
        </DeploymentDetail>
      </Flex>
    </Section>
  );
};
