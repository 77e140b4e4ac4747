import { Alert } from '@backstage/ui';
import type { Cluster } from '@kubenova/plugin-kubenova-common';
import { PageState } from '../../../shared/PageState';
import { Section } from '../../../shared/Section';
import { useText } from '../../../translation';
import { useManagerBehind } from '../../hooks';
import { BehindDecision } from './BehindDecision';

type ManagerBehindProps = { cluster: Cluster };

/**
 * What a datacenter has and the portal has forgotten, for someone to decide
 * which side is right; nothing where the portal has forgotten nothing.
 */
export const ManagerBehind = ({ cluster }: ManagerBehindProps) => {
  const isBehind = cluster.conditions.some(
    ({ type, status }) => type === 'ManagerBehind' && status === 'True',
  );
  return isBehind ? <Differences cluster={cluster.name} /> : null;
};

function Differences({ cluster }: { cluster: string }) {
  const { t } = useText();
  const behind = useManagerBehind(cluster);
  return (
    <>
      <Alert
        role="alert"
        status="danger"
        icon
        mb="4"
        title={t('clusters.behind.banner', { name: cluster })}
        description={`${t('clusters.behind.meaning', { name: cluster })} ${t(
          'clusters.behind.advice',
        )}`}
      />
      <Section title={t('clusters.behind.title')}>
        <PageState query={behind}>
          {({ entries }) =>
            entries.length > 0 ? (
              <BehindDecision cluster={cluster} entries={entries} />
            ) : (
              t('clusters.behind.gone')
            )
          }
        </PageState>
      </Section>
    </>
  );
}
