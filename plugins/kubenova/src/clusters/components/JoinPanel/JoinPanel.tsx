import { Alert, Flex, Text } from '@backstage/ui';
import {
  clusterJoinPermission,
  type Cluster,
} from '@kubenova/plugin-kubenova-common';
import { CopyField } from '../../../shared/CopyField';
import { GatedButton } from '../../../shared/GatedButton';
import { Section } from '../../../shared/Section';
import { errorSentence } from '../../../shared/errors';
import { useDenialReason } from '../../../shared/rights';
import { useText } from '../../../translation';
import { useJoinCommand } from '../../hooks';
import { JoinChecklist } from '../JoinChecklist';
import { Expiry } from './Expiry';
import { ImagesNote } from './ImagesNote';
import { ManifestNote } from './ManifestNote';

type JoinPanelProps = { cluster: Cluster };

/** How to join a cluster, and how far it is. */
export const JoinPanel = ({ cluster }: JoinPanelProps) => {
  const { t } = useText();
  const { command, create } = useJoinCommand(cluster.name);
  const denied = useDenialReason(clusterJoinPermission);
  const isConnected = cluster.status === 'connected';

  return (
    <Section
      title={isConnected ? t('clusters.join.again') : t('clusters.join.title')}
      actions={
        <GatedButton
          variant={command || isConnected ? 'secondary' : 'primary'}
          disabledReason={denied}
          isPending={create.isPending}
          onPress={() => create.mutate()}
        >
          {command ? t('clusters.join.renew') : t('clusters.join.create')}
        </GatedButton>
      }
    >
      <Flex direction="column" gap="4">
        <Text as="p">
          {isConnected
            ? t('clusters.join.againIntro')
            : t('clusters.join.intro', { name: cluster.name })}
        </Text>
        {create.error && (
          <Alert
            role="alert"
            status="danger"
            icon
            title={errorSentence(create.error)}
          />
        )}
        {command && (
          <div>
            <CopyField
              label={t('clusters.join.command')}
              value={command.command}
            />
            <Expiry at={command.expiresAt} />
          </div>
        )}
        {!command && !isConnected && (
          <Text as="p" color="secondary">
            {t('clusters.join.shownOnce')}
          </Text>
        )}
        {!isConnected && <JoinChecklist cluster={cluster} />}
        {command && <ManifestNote manifest={command.manifest} />}
        {(command || !isConnected) && <ImagesNote />}
      </Flex>
    </Section>
  );
};
