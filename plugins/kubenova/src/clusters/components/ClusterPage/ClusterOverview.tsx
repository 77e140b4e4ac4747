import { EntityRefLink } from '@backstage/plugin-catalog-react';
import {
  clusterEntityRef,
  type Cluster,
} from '@kubenova/plugin-kubenova-common';
import { Age } from '../../../shared/Age';
import { Facts } from '../../../shared/Facts';
import { Section } from '../../../shared/Section';
import { SyncBadge } from '../../../shared/Status';
import { useText } from '../../../translation';
import { memoryInGib } from '../../memory';
import { ClusterStatus } from '../ClusterStatus';

type ClusterOverviewProps = { cluster: Cluster };

export const ClusterOverview = ({ cluster }: ClusterOverviewProps) => {
  const { t } = useText();
  const { capacity, lastSeenAt, sync } = cluster;
  const unknown = t('clusters.detail.phaseUnknown');
  return (
    <Section title={t('clusters.detail.overview')}>
      <Facts
        facts={[
          {
            label: t('clusters.column.status'),
            value: <ClusterStatus cluster={cluster} />,
          },
          {
            label: t('clusters.column.lastSeen'),
            value: lastSeenAt ? <Age at={lastSeenAt} /> : t('stale.never'),
          },
          {
            label: t('clusters.column.sync'),
            value: (
              <SyncBadge
                state={sync.state}
                reason={sync.message}
                stale={cluster.stale}
              />
            ),
          },
          {
            label: t('clusters.detail.phase'),
            value: cluster.phase ?? unknown,
          },
          {
            label: t('clusters.detail.nodes'),
            value: capacity
              ? t('clusters.detail.nodesValue', {
                  ready: String(capacity.readyNodes),
                  all: String(capacity.nodes),
                })
              : unknown,
          },
          {
            label: t('clusters.detail.cpu'),
            value: capacity?.cpu ?? unknown,
          },
          {
            label: t('clusters.detail.memory'),
            value: capacity ? memoryInGib(capacity.memory) : unknown,
          },
          {
            label: t('clusters.detail.operator'),
            value: cluster.operatorVersion ?? unknown,
          },
          {
            label: t('clusters.detail.kubernetes'),
            value: cluster.kubernetesVersion ?? unknown,
          },
          {
            label: t('clusters.detail.created'),
            value: <Age at={cluster.createdAt} />,
          },
          {
            label: t('clusters.detail.entity'),
            value: <EntityRefLink entityRef={clusterEntityRef(cluster.name)} />,
          },
          { label: t('clusters.detail.id'), value: cluster.novaClusterId },
        ]}
      />
    </Section>
  );
};
