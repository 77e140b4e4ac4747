import { Flex } from '@backstage/ui';
import type { Cluster } from '@kubenova/plugin-kubenova-common';
import { Age } from '../../../shared/Age';
import { ProgressBar } from '../../../shared/ProgressBar';
import { Status } from '../../../shared/Status';
import { useText } from '../../../translation';
import { CLUSTER_TONES, clusterState } from '../../clusterState';

type ClusterStatusProps = { cluster: Cluster; compact?: boolean };

/** A cluster's word, why it is so, and what it waits for before it connects. */
export const ClusterStatus = ({ cluster, compact }: ClusterStatusProps) => {
  const { t } = useText();
  const state = clusterState(cluster);
  const { progress } = cluster;
  const isWaiting = state === 'pending_bootstrap' && progress !== undefined;
  return (
    <Flex direction="column" gap="1">
      <Status
        tone={CLUSTER_TONES[state]}
        word={t(`clusters.status.${state}`)}
        compact={compact}
        reason={
          state === 'stale' && cluster.lastSeenAt
            ? t('clusters.lastSeen', { age: <Age at={cluster.lastSeenAt} /> })
            : cluster.statusReason
        }
      />
      {isWaiting && (
        <>
          <Status
            tone="progress"
            word={progress.message}
            compact={compact}
          />
          <ProgressBar label={progress.message} percent={progress.percent} />
        </>
      )}
    </Flex>
  );
};
