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
  const progress = state === 'pending_bootstrap' ? cluster.progress : undefined;

  const reason = () => {
    if (state === 'stale' && cluster.lastSeenAt) {
      const age = <Age at={cluster.lastSeenAt} />;
      return t('clusters.lastSeen', { age });
    }
    return progress?.message ?? cluster.statusReason;
  };

  return (
    <Flex direction="column" gap="1">
      <Status
        tone={progress ? 'progress' : CLUSTER_TONES[state]}
        word={t(`clusters.status.${state}`)}
        compact={compact && !progress}
        reason={reason()}
      />
      {progress && (
        <ProgressBar label={progress.message} percent={progress.percent} />
      )}
    </Flex>
  );
};
